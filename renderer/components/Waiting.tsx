import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useText } from '../app/text.tsx';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';

/** Whether so many milliseconds have passed since this was first shown. */
function useAfter(ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return passed;
}

export interface LoadingProps {
  /** What is being waited for, in words. */
  readonly label: string;
  readonly onCancel?: () => void;
  /** The shape of what will come. */
  readonly shape?: 'cards' | 'table' | 'lines';
}

/** Keeps the place of what is coming: grey bars after 300 ms, words after a second, a way out after three. */
export function Loading({ label, onCancel, shape = 'lines' }: LoadingProps) {
  const { t } = useText();
  const bars = useAfter(300);
  const words = useAfter(1_000);
  const wayOut = useAfter(3_000);
  return (
    <div className="loading" data-shape={shape} aria-busy="true">
      <div className="loading-bars" data-shown={bars} aria-hidden="true">
        {[1, 2, 3, 4, 5, 6].map((bar) => (
          <span key={bar} />
        ))}
      </div>
      <div className="row wide loading-words">
        <span role="status">{words ? label : ''}</span>
        {wayOut && onCancel && (
          <Button variant="text" size="row" onPress={onCancel}>
            {t('action.cancel')}
          </Button>
        )}
      </div>
    </div>
  );
}

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** There is nothing to show, and why. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <span className="empty-icon">
        <Icon of={icon} size={30} />
      </span>
      <h2>{title}</h2>
      {children !== undefined && <p className="second">{children}</p>}
      {action}
    </div>
  );
}
