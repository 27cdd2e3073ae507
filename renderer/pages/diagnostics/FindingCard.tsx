import { ListOrdered, UserRound, WandSparkles } from 'lucide-react';
import { useId, useState } from 'react';
import type { Finding, FindingFix } from '../../../electron/contract/diagnostics/finding.ts';
import type { CheckText } from '../../../electron/contract/text/check-text.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import { Button } from '../../components/Button.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Tag } from '../../components/Tag.tsx';
import { FixDialog } from './FixDialog.tsx';
import { FixLines } from './FixLines.tsx';

export interface FindingCardProps {
  readonly finding: Finding;
  readonly words: CheckText;
  /** In the order of fixing; without it the finding is only worth knowing. */
  readonly number?: number;
  /** The one to begin with: open at once. */
  readonly first?: boolean;
}

/** One finding: what it is, what to do, who can, and the repair that the application may make. */
export function FindingCard({ finding, words, number, first = false }: FindingCardProps) {
  const { t } = useText();
  const [open, setOpen] = useState(first);
  const [asking, setAsking] = useState(false);
  const id = useId();
  const { cause, owner, fix, parameters, severity } = finding;
  if (cause === null) return null;
  const steps = words.fix(cause, parameters);
  const repairable = fix?.byApp === true;
  return (
    <article className="finding" data-severity={severity ?? 'notice'} data-first={first} aria-labelledby={id}>
      <header className="finding-head">
        {number !== undefined && <span className="finding-number">{number}</span>}
        <h3 id={id} className="grow safe-text">
          {words.sentence(finding)}
        </h3>
        <Tag>{finding.id}</Tag>
      </header>
      {open && (
        <div className="finding-body" id={`${id}-steps`}>
          <div>
            <h4>{t('diag.what-to-do')}</h4>
            <ol>
              {steps.map((step) => (
                <li key={step} className="safe-text">
                  {step}
                </li>
              ))}
            </ol>
          </div>
          <div>
            <h4>{t('diag.who')}</h4>
            <p className="row">
              <Icon of={UserRound} size={18} />
              {t(`diag.owner.${owner ?? 'citizen'}`)}
            </p>
          </div>
          {fix !== null && !repairable && <ByHand fix={fix} />}
        </div>
      )}
      <div className="row wide wrap finding-actions">
        {repairable && (
          <Button
            variant={first ? 'primary' : 'secondary'}
            size="row"
            icon={WandSparkles}
            onPress={() => setAsking(true)}
          >
            {t('diag.fix.do')}
          </Button>
        )}
        {!first && (
          <Button
            size="row"
            variant="text"
            icon={ListOrdered}
            aria-expanded={open}
            aria-controls={`${id}-steps`}
            onPress={() => setOpen(!open)}
          >
            {t(open ? 'diag.steps.hide' : 'diag.steps.show')}
          </Button>
        )}
        {repairable && <span className="small third">{t('diag.fix.before')}</span>}
      </div>
      {repairable && fix && (
        <FixDialog finding={finding} fix={fix} isOpen={asking} onClose={() => setAsking(false)} />
      )}
    </article>
  );
}

/** The change in lines, for somebody to make by hand. */
function ByHand({ fix }: { readonly fix: FindingFix }) {
  const { t } = useText();
  return (
    <div className="finding-lines">
      <h4>{fixTitle(fix, t)}</h4>
      <FixLines fix={fix} />
      <CopyButton text={[...fix.lines, ...(fix.afterwards ?? [])].join('\n')} label={t('diag.fix.copy')}>
        {t('diag.fix.copy')}
      </CopyButton>
    </div>
  );
}

function fixTitle(fix: FindingFix, t: ReturnType<typeof useText>['t']): string {
  if (fix.kind === 'setting') return t('diag.fix.lines.setting', { file: clean(fix.file ?? '…', 200) });
  return t(fix.needsAdministrator ? 'diag.fix.lines' : 'diag.fix.lines.mine');
}
