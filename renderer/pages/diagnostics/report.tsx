import { ArrowLeft, Ban, ClipboardList, FileCheck, Save } from 'lucide-react';
import { bundleText, type SupportBundle } from '../../../electron/contract/diagnostics/bundle.ts';
import { type TextParameters, useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailureNote, FailurePanel } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { EmptyState, Loading } from '../../components/Waiting.tsx';
import { sizeText } from '../sign/size-text.ts';
import { TextLines } from './TextLines.tsx';
import './diagnostics.css';
import './report.css';

/** The support bundle: made, shown as the bytes that it will have, and saved when the person says so. */
export default function ReportPage() {
  const { t, language } = useText();
  const up = useWindow(({ connection }) => connection === 'up');
  const making = useRequest('report.make');
  const saving = useRequest('host.report.save');
  const { result: bundle, failure } = making;
  const make = () => {
    saving.reset();
    void making.run({ language });
  };
  const stopped = failure?.code === 'cancelled';
  return (
    <div className="diagnostics-page">
      <header className="page-head">
        <div>
          <h1>{t('report.title')}</h1>
          <p>{t('report.lead')}</p>
        </div>
        <div className="row wide wrap page-actions">
          <ButtonLink to="/diagnostics" size="row" icon={ArrowLeft}>
            {t('report.back')}
          </ButtonLink>
          {bundle !== null && (
            <>
              <Button size="row" icon={ClipboardList} isDisabled={!up} onPress={make}>
                {t('report.make-again')}
              </Button>
              <Button
                size="row"
                variant="primary"
                icon={Save}
                busy={saving.busy}
                onPress={() => void saving.run({ bundle })}
              >
                {t('report.save')}
              </Button>
            </>
          )}
        </div>
      </header>
      {!up && <Note tone="care">{t('diag.agent-away')}</Note>}
      {saving.failure && <FailureNote failure={saving.failure} />}
      {saving.result?.saved === true && (
        <Note tone="good" role="status" title={t('report.saved', { name: saving.result.name ?? '' })} />
      )}
      {making.busy && <Loading label={t('report.making')} onCancel={making.cancel} shape="table" />}
      {stopped && <Note role="status">{t('report.stopped')}</Note>}
      {failure && !stopped && <FailurePanel failure={failure} kind="part" noTrySpent onRetry={make} />}
      {bundle === null && !making.busy && (failure === null || stopped) && (
        <EmptyState
          icon={ClipboardList}
          title={t('report.empty.title')}
          action={
            <Button variant="primary" icon={ClipboardList} isDisabled={!up} onPress={make}>
              {t('report.make')}
            </Button>
          }
        >
          {t('report.empty.text')}
        </EmptyState>
      )}
      {bundle !== null && <Preview bundle={bundle} />}
    </div>
  );
}

function Preview({ bundle }: { readonly bundle: SupportBundle }) {
  const { t, language } = useText();
  const text = bundleText(bundle);
  const lines = text.trimEnd().split('\n');
  const size = sizeText(new TextEncoder().encode(text).length, language);
  return (
    <>
      <div className="two-columns">
        <Card kind="flat" aria-labelledby="report-holds" className="report-list">
          <h2 id="report-holds">{t('report.holds')}</h2>
          <ul>
            {holds(bundle).map(([key, parameters]) => (
              <li key={key}>
                <Icon of={FileCheck} size={19} />
                {t(key, parameters)}
              </li>
            ))}
          </ul>
        </Card>
        <Card kind="flat" aria-labelledby="report-not" className="report-list">
          <h2 id="report-not">{t('report.not')}</h2>
          <ul>
            {(['report.not.1', 'report.not.2', 'report.not.3'] as const).map((key) => (
              <li key={key}>
                <Icon of={Ban} size={19} />
                {t(key)}
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <Card className="report-preview">
        <div className="spread wrap">
          <div>
            <h2>{t('report.preview')}</h2>
            <p className="small third">{t('report.lines', { count: lines.length, size })}</p>
          </div>
          <CopyButton text={text} label={t('action.copy')}>
            {t('action.copy')}
          </CopyButton>
        </div>
        <TextLines lines={lines} label={t('report.preview')} />
      </Card>
    </>
  );
}

type Said = readonly [Parameters<ReturnType<typeof useText>['t']>[0], TextParameters];

function holds(bundle: SupportBundle): readonly Said[] {
  return [
    ['report.holds.versions', { version: bundle.versions.buletin }],
    ['report.holds.readers', { count: bundle.readers.length }],
    [bundle.card === null ? 'report.holds.no-card' : 'report.holds.card', {}],
    ['report.holds.checks', { count: bundle.checks.length }],
    ['report.holds.failures', { count: bundle.failures.length }],
    ...(bundle.traces.length > 0 ? [['report.holds.trace', {}] as const] : []),
  ];
}
