import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

export type NoteTone = 'info' | 'care' | 'bad' | 'good' | 'plain';

const icons: Readonly<Record<NoteTone, LucideIcon>> = {
  info: Info,
  plain: Info,
  care: TriangleAlert,
  bad: CircleAlert,
  good: CircleCheck,
};

export interface NoteProps {
  readonly tone?: NoteTone;
  readonly icon?: LucideIcon;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  /** Stands at the end of the line. */
  readonly action?: ReactNode;
  /** Read aloud when it appears: `alert` at once, `status` when there is a pause. */
  readonly role?: 'alert' | 'status' | 'note';
}

/** A remark in its own box. */
export function Note({ tone = 'info', icon, title, children, action, role }: NoteProps) {
  return (
    <div className={`note note-${tone}`} role={role}>
      <Icon of={icon ?? icons[tone]} />
      <div className="grow">
        {title !== undefined && <strong className="strong">{title}</strong>}
        {children !== undefined && <div>{children}</div>}
      </div>
      {action}
    </div>
  );
}
