import {
  Check,
  CircleHelp,
  CircleMinus,
  CirclePause,
  CircleX,
  Hourglass,
  Info,
  type LucideIcon,
  PenLine,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../app/text.tsx';
import { Icon } from './Icon.tsx';

export type Tone = 'plain' | 'good' | 'care' | 'bad' | 'info' | 'sign';

export interface TagProps {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

/** A short state: colour, icon and word together. */
export function Tag({ tone = 'plain', icon, children }: TagProps) {
  return (
    <span className={`tag tag-${tone}`}>
      {icon && <Icon of={icon} size={16} weight={2.3} />}
      {children}
    </span>
  );
}

/** States of certificates and documents. */
export type Status =
  | 'valid'
  | 'soon'
  | 'expired'
  | 'not-yet-valid'
  | 'suspended'
  | 'revoked'
  | 'unknown'
  | 'signed'
  | 'now';

const looks: Readonly<Record<Status, readonly [Tone, LucideIcon]>> = {
  valid: ['good', Check],
  soon: ['care', Hourglass],
  expired: ['plain', CircleMinus],
  'not-yet-valid': ['care', Hourglass],
  suspended: ['care', CirclePause],
  revoked: ['bad', CircleX],
  unknown: ['plain', CircleHelp],
  signed: ['sign', PenLine],
  now: ['info', Info],
};

/** A known state in words, such as "Valabil". */
export function StatusBadge({
  status,
  children,
}: {
  readonly status: Status;
  readonly children?: ReactNode;
}) {
  const { t } = useText();
  const [tone, icon] = looks[status];
  return (
    <Tag tone={tone} icon={icon}>
      {children ?? t(`state.${status}`)}
    </Tag>
  );
}
