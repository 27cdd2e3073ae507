import type { HTMLAttributes, ReactNode } from 'react';

export interface CardProps extends HTMLAttributes<HTMLElement> {
  readonly children: ReactNode;
  /** `flat`: grey, without a line. */
  readonly kind?: 'raised' | 'flat' | 'care' | 'brand';
}

/** A panel of its own. */
export function Card({ children, kind = 'raised', className = '', ...rest }: CardProps) {
  return (
    <section {...rest} className={`card card-${kind} ${className}`}>
      {children}
    </section>
  );
}
