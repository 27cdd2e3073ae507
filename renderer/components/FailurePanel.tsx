import {
  ChevronRight,
  ListChecks,
  Phone,
  RotateCcw,
  ShieldCheck,
  TriangleAlert,
  UserCog,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '../../electron/contract/failures/failure.ts';
import { useText } from '../app/text.tsx';
import { Button } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { Note } from './Note.tsx';
import { Tag } from './Tag.tsx';

export interface FailurePanelProps {
  readonly failure: Failure;
  readonly onRetry?: () => void;
  /** Beside "try again". */
  readonly action?: ReactNode;
  /** A drawing, for a whole page. */
  readonly picture?: ReactNode;
  /** Say so only where no PIN was on its way. */
  readonly noTrySpent?: boolean;
  /** `page`: the page is about this; `part`: a part of it. */
  readonly kind?: 'page' | 'part';
}

/** A failure as the window tells it: what happened, what to do, who can; code and details last. */
export function FailurePanel({
  failure,
  onRetry,
  action,
  picture,
  noTrySpent = false,
  kind = 'page',
}: FailurePanelProps) {
  const { t, failure: words } = useText();
  const said = words(failure);
  const severity = failure.entry.severity;
  const mine = said.owner === 'citizen';
  const Heading = kind === 'page' ? 'h1' : 'h2';
  const CardHeading = kind === 'page' ? 'h2' : 'h3';
  return (
    <div className={`failure failure-${kind}`} role="alert">
      <div className="failure-head">
        <div>
          <Tag tone={severity === 'notice' ? 'info' : 'care'} icon={TriangleAlert}>
            {t(mine ? 'failure.you-can' : 'failure.others-can')}
          </Tag>
          <Heading className="safe-text">{said.message}</Heading>
          <p className="lead safe-text">{said.cause}</p>
          {failure.triesLeft !== undefined && (
            <p className="strong">{t('tries.left', { count: failure.triesLeft })}</p>
          )}
          <div className="row wide wrap failure-actions">
            {onRetry && (
              <Button
                variant="primary"
                size={kind === 'page' ? 'hero' : 'normal'}
                icon={RotateCcw}
                onPress={onRetry}
              >
                {t('action.retry')}
              </Button>
            )}
            {action}
          </div>
        </div>
        {picture}
      </div>
      <div className="failure-cards">
        <section className="failure-card">
          <CardHeading className="failure-card-head">
            <Icon of={ListChecks} size={22} />
            {t('failure.what-to-do')}
          </CardHeading>
          <ol>
            {said.fix.map((step) => (
              <li key={step} className="safe-text">
                {step}
              </li>
            ))}
          </ol>
        </section>
        <section className="failure-card">
          <CardHeading className="failure-card-head">
            <Icon of={UserCog} size={22} />
            {t('failure.who-can')}
          </CardHeading>
          <p>{t(`owner.${said.owner}`)}</p>
        </section>
        <section className="failure-card failure-call">
          <CardHeading className="failure-card-head">
            <Icon of={Phone} size={22} />
            {t('failure.need-help')}
          </CardHeading>
          <p>{t('failure.call')}</p>
          <p className="failure-code">{said.code}</p>
          <p className="small">{t('failure.no-personal-data')}</p>
        </section>
      </div>
      <div className="spread wrap failure-foot">
        <details>
          <summary>
            <Icon of={ChevronRight} size={18} />
            {t('failure.details')}
          </summary>
          <pre className="mono">{detailsOf(failure)}</pre>
        </details>
        {noTrySpent && (
          <span className="row small third">
            <Icon of={ShieldCheck} size={17} />
            {t('failure.no-try-spent')}
          </span>
        )}
      </div>
    </div>
  );
}

/** For specialists: the code with its values. */
const detailsOf = (failure: Failure): string =>
  JSON.stringify({ code: failure.code, severity: failure.entry.severity, ...failure.parameters }, null, 2);

/** A failure in one box, inside a page that goes on: a form, a dialog. */
export function FailureNote({ failure, action }: { readonly failure: Failure; readonly action?: ReactNode }) {
  const { failure: words } = useText();
  const said = words(failure);
  const notice = failure.entry.severity === 'notice';
  return (
    <Note tone={notice ? 'info' : 'bad'} role="alert" title={said.message} action={action}>
      <p className="safe-text">{notice ? said.cause : (said.fix[0] ?? said.cause)}</p>
    </Note>
  );
}
