import { ClipboardList, GraduationCap, RefreshCw, Wrench, X } from 'lucide-react';
import { useEffect } from 'react';
import type { DoctorReport } from '../../../electron/contract/diagnostics/doctor.ts';
import { useCheckText } from '../../app/check-text.ts';
import { useText } from '../../app/text.tsx';
import { useNow } from '../../app/use-now.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { FailurePanel } from '../../components/FailurePanel.tsx';
import { Note } from '../../components/Note.tsx';
import { Loading } from '../../components/Waiting.tsx';
import { Chain } from './Chain.tsx';
import { sortedFindings } from './chain-links.ts';
import { useDoctorDesk } from './doctor-desk.ts';
import { FindingCard } from './FindingCard.tsx';
import { LogCard } from './LogCard.tsx';
import { OtherChecks } from './OtherChecks.tsx';
import { ExplainCode, ShortCode } from './ShortCode.tsx';
import './diagnostics.css';

/** What is wrong on this computer, what to do about it, and how to tell the helpdesk. */
export default function DiagnosticsPage() {
  const { t } = useText();
  const [state, desk] = useDoctorDesk();
  const up = useWindow(({ connection }) => connection === 'up');
  const { phase, report, failure } = state;
  const exercise = useWindow(({ training }) => training?.exercise);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another exercise is another world
  useEffect(() => {
    // Looking changes nothing: who opens the page wants to know how it is now.
    if (up) void desk.runUnlessFresh();
  }, [up, desk, exercise]);
  const running = phase === 'running';
  return (
    <div className="diagnostics-page">
      <header className="page-head">
        <Heading />
        <div className="row wide wrap page-actions">
          <ButtonLink to="/diagnostics/report" size="row" icon={ClipboardList}>
            {t('diag.report')}
          </ButtonLink>
          {running ? (
            <Button size="row" icon={X} onPress={desk.cancel}>
              {t('action.cancel')}
            </Button>
          ) : (
            <Button
              size="row"
              icon={RefreshCw}
              isDisabled={!up}
              variant={report === null && phase !== 'failed' ? 'primary' : 'secondary'}
              onPress={() => void desk.run()}
            >
              {t(report === null ? 'diag.run' : 'diag.again')}
            </Button>
          )}
        </div>
      </header>
      {!up && <Note tone="care">{t('diag.agent-away')}</Note>}
      <Chain findings={report?.findings ?? []} running={running} />
      <div className="diagnostics-columns">
        <div className="diagnostics-column">
          {phase === 'stopped' && <Note role="status">{t('diag.stopped')}</Note>}
          {phase === 'failed' && failure && (
            <FailurePanel failure={failure} kind="part" noTrySpent onRetry={() => void desk.run()} />
          )}
          {report !== null && <Report report={report} />}
          {report === null && running && <Loading label={t('diag.running.title')} shape="table" />}
        </div>
        <div className="diagnostics-column">
          {report !== null && <ShortCode code={report.code} />}
          <ExplainCode />
          <LogCard />
          <Card kind="flat" aria-labelledby="diagnostics-more" className="diagnostics-more">
            <h2 id="diagnostics-more">{t('diag.more')}</h2>
            <ButtonLink to="/diagnostics/helpdesk" size="row" icon={Wrench}>
              {t('nav.helpdesk')}
            </ButtonLink>
            <p className="small third">{t('diag.more.helpdesk')}</p>
            <ButtonLink to="/diagnostics/training" size="row" icon={GraduationCap}>
              {t('nav.training')}
            </ButtonLink>
            <p className="small third">{t('diag.more.training')}</p>
          </Card>
        </div>
      </div>
    </div>
  );
}

/** The verdict, or what the page is for while there is none. */
function Heading() {
  const { t, time, locale } = useText();
  const [{ phase, report, reportedAt, startedAt }] = useDoctorDesk();
  if (phase === 'running')
    return (
      <div>
        <h1>{t('diag.running.title')}</h1>
        <p>
          {t('diag.running.lead')} <Elapsed since={startedAt} />
        </p>
      </div>
    );
  if (report === null)
    return (
      <div>
        <h1>{t('diag.title')}</h1>
        <p>{t('diag.lead')}</p>
      </div>
    );
  const { problems, notices, unknown } = sortedFindings(report.findings);
  const checks = new Set(report.findings.map(({ id }) => id)).size;
  const seconds = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(report.durationMs / 1000);
  const title =
    problems.length > 0
      ? t('diag.found.title', { count: problems.length })
      : t(notices.length + unknown.length > 0 ? 'diag.healthy.notices' : 'diag.healthy.title');
  return (
    <div role="status">
      <h1>{title}</h1>
      <p>
        {t('diag.summary', { count: checks, seconds, time: time(reportedAt) })}{' '}
        {problems.length > 1 && t('diag.start-with-first')}
      </p>
    </div>
  );
}

/** Seconds since the run began, once there are any. */
function Elapsed({ since }: { readonly since: number }) {
  const { t } = useText();
  const now = useNow(500);
  const seconds = Math.floor((now.getTime() - since) / 1000);
  return seconds > 0 ? t('diag.running.progress', { seconds }) : null;
}

function Report({ report }: { readonly report: DoctorReport }) {
  const { t } = useText();
  const words = useCheckText();
  if (words === null) return null;
  const parts = sortedFindings(report.findings);
  const { problems, notices } = parts;
  return (
    <>
      {report.simulated && <Note tone="care">{t('diag.simulated')}</Note>}
      {problems.length > 0 && (
        <section className="findings" aria-labelledby="diagnostics-findings">
          <h2 id="diagnostics-findings" className="visually-hidden">
            {t('diag.findings')}
          </h2>
          {problems.map((finding, index) => (
            <FindingCard
              key={`${finding.id} ${finding.cause}`}
              finding={finding}
              number={index + 1}
              words={words}
              first={index === 0}
            />
          ))}
        </section>
      )}
      {problems.length === 0 && (
        <Note tone="good" title={t('diag.healthy.title')}>
          <p>{t('diag.healthy.text')}</p>
        </Note>
      )}
      {notices.length > 0 && (
        <section className="findings" aria-labelledby="diagnostics-notices">
          <h2 id="diagnostics-notices">{t('diag.notices', { count: notices.length })}</h2>
          {notices.map((finding) => (
            <FindingCard key={`${finding.id} ${finding.cause}`} finding={finding} words={words} />
          ))}
        </section>
      )}
      <OtherChecks parts={parts} words={words} />
    </>
  );
}
