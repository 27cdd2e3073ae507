import { ScanText, TicketCheck } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { causes } from '../../../electron/contract/diagnostics/causes.ts';
import {
  explainShortCode,
  groupedShortCode,
  type ShortCodeReading,
} from '../../../electron/contract/diagnostics/short-code.ts';
import { asFailure, type Failure } from '../../../electron/contract/failures/failure.ts';
import { useCheckText } from '../../app/check-text.ts';
import { useText } from '../../app/text.tsx';
import { Button } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Field } from '../../components/Field.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';

/** The code of the findings, to be read over the phone. */
export function ShortCode({ code }: { readonly code: string }) {
  const { t } = useText();
  const grouped = groupedShortCode(code);
  return (
    <Card kind="brand" aria-labelledby="diagnostics-code" className="short-code">
      <h2 id="diagnostics-code" className="small">
        {t('diag.code')}
      </h2>
      <p className="short-code-letters">
        {grouped.split('-').map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other name
          <span key={index}>{group}</span>
        ))}
      </p>
      <p className="small">{t('diag.code.text')}</p>
      <p className="small">{t('diag.code.digits')}</p>
      <CopyButton text={grouped} label={t('diag.code.copy-name', { code: grouped })}>
        {t('diag.code.copy')}
      </CopyButton>
    </Card>
  );
}

/** A code that somebody reads out becomes the findings that it stands for. Needs no agent. */
export function ExplainCode() {
  const { t } = useText();
  const [heard, setHeard] = useState('');
  const [reading, setReading] = useState<ShortCodeReading | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [asked, setAsked] = useState(false);
  const explain = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (heard.trim() === '') return;
    try {
      setReading(explainShortCode(heard));
      setFailure(null);
    } catch (thrown) {
      setReading(null);
      setFailure(asFailure(thrown));
    }
  };
  return (
    <Card aria-labelledby="diagnostics-explain" className="explain">
      <h2 id="diagnostics-explain">{t('diag.explain')}</h2>
      <p className="small second">{t('diag.explain.text')}</p>
      <form onSubmit={explain} className="stack">
        <Field
          label={t('diag.explain.field')}
          help={t('diag.explain.help')}
          value={heard}
          onChange={setHeard}
          maxLength={32}
          autoComplete="off"
          error={asked && heard.trim() === '' ? t('diag.explain.empty') : undefined}
          showError={asked}
        />
        <Button type="submit" size="row" icon={ScanText}>
          {t('diag.explain.do')}
        </Button>
      </form>
      {failure && <FailureNote failure={failure} />}
      {reading && <Reading reading={reading} />}
    </Card>
  );
}

function Reading({ reading }: { readonly reading: ShortCodeReading }) {
  const { t } = useText();
  const words = useCheckText();
  const { code, platform, release, causes: found, unknownCauses, more } = reading;
  if (words === null) return null;
  return (
    <section className="reading" role="status" aria-label={t('diag.explain.do')}>
      <p className="row small second">
        <Icon of={TicketCheck} size={18} />
        {t('diag.explain.about', {
          code: groupedShortCode(code),
          platform: t(`diag.platform.${platform}`),
          release: `${release.major}.${release.minor}`,
        })}
      </p>
      {found.length === 0 && unknownCauses === 0 && <Note tone="good">{t('diag.explain.none')}</Note>}
      <ol>
        {found.map((cause) => (
          <li key={cause}>
            <strong className="strong">{words.cause(cause)}</strong>
            <ul>
              {words.fix(cause).map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ul>
            <span className="small third">
              {causes[cause].check} · {t('diag.who')}: {t(`diag.owner.${causes[cause].owner}`)}
            </span>
          </li>
        ))}
      </ol>
      {unknownCauses > 0 && <Note tone="care">{t('diag.explain.unknown', { count: unknownCauses })}</Note>}
      {more && <Note>{t('diag.explain.more')}</Note>}
    </section>
  );
}
