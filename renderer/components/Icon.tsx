import type { LucideIcon } from 'lucide-react';

export interface IconProps {
  /** One of lucide's icons; the only family in the window. */
  readonly of: LucideIcon;
  readonly size?: number;
  readonly weight?: number;
}

/** An icon beside words. It says nothing by itself. */
export function Icon({ of: Drawing, size = 20, weight = 1.9 }: IconProps) {
  return <Drawing className="icon" size={`${size / 16}rem`} strokeWidth={weight} aria-hidden="true" />;
}
