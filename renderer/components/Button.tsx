import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Icon } from './Icon.tsx';

export type ButtonVariant = 'primary' | 'sign' | 'secondary' | 'quiet' | 'text' | 'danger';
export type ButtonSize = 'row' | 'normal' | 'hero';

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'isPending'> {
  /** `primary`: one a view; `sign`: only where PIN2 follows. */
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: LucideIcon;
  /** At work: keeps its place and focus, takes no press. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

const iconSize: Readonly<Record<ButtonSize, number>> = { row: 17, normal: 19, hero: 21 };

export const buttonClass = (variant: ButtonVariant, size: ButtonSize): string =>
  `button button-${variant} button-${size}`;

export function Button({
  variant = 'secondary',
  size = 'normal',
  icon,
  busy = false,
  children,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton {...rest} isPending={busy} className={buttonClass(variant, size)}>
      {busy ? (
        <span className="busy-dots" aria-hidden="true" />
      ) : (
        icon && <Icon of={icon} size={iconSize[size]} />
      )}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className'> {
  readonly icon: LucideIcon;
  /** What it does; there is no other text. */
  readonly label: string;
  readonly size?: number;
}

/** A button that is an icon alone. */
export function IconButton({ icon, label, size = 20, ...rest }: IconButtonProps) {
  return (
    <AriaButton {...rest} aria-label={label} className="icon-button">
      <Icon of={icon} size={size} />
    </AriaButton>
  );
}

/** A link to another page that looks like a button. */
export function ButtonLink({
  to,
  variant = 'secondary',
  size = 'normal',
  icon,
  children,
}: {
  readonly to: string;
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}) {
  return (
    <a href={`#${to}`} className={buttonClass(variant, size)}>
      {icon && <Icon of={icon} size={iconSize[size]} />}
      {children}
    </a>
  );
}
