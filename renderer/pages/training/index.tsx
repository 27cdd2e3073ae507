import { GraduationCap, ShieldCheck } from 'lucide-react';
import { useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Card } from '../../components/Card.tsx';
import { Tabs } from '../../components/Choices.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { FailurePanel } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { Loading } from '../../components/Waiting.tsx';
import { Catalogue } from './Catalogue.tsx';
import { Cases, Exercises, useExercises } from './Exercises.tsx';
import { Practice } from './Practice.tsx';
import { Present } from './Present.tsx';
import { useTrainingText } from './training-text.ts';
import './training.css';

const command = 'npm start -- --sandbox';

/** Exercises in the simulated world; outside of it, how to get there. */
export default function TrainingPage() {
  const { t } = useText();
  const sandbox = useWindow((state) => state.sandbox);
  const up = useWindow(({ connection }) => connection === 'up');
  return (
    <div className="training-page">
      <header className="page-head">
        <div>
          <h1>{t('train.title')}</h1>
          {sandbox && <p>{t('train.lead')}</p>}
        </div>
      </header>
      {!up && <Note tone="care">{t('diag.agent-away')}</Note>}
      {sandbox ? <Parts /> : <HowToOpen />}
    </div>
  );
}

function HowToOpen() {
  const { t } = useText();
  return (
    <Card aria-labelledby="training-off" className="training-off">
      <span className="empty-icon">
        <Icon of={GraduationCap} size={30} />
      </span>
      <div className="stack">
        <h2 id="training-off">{t('train.off.title')}</h2>
        <p>{t('train.off.text')}</p>
        <div className="row wide wrap">
          <code className="training-command">{command}</code>
          <CopyButton text={command} label={t('train.off.copy')}>
            {t('train.off.copy')}
          </CopyButton>
        </div>
        <p className="second">{t('train.off.who')}</p>
        <p className="row small second">
          <Icon of={ShieldCheck} size={18} />
          {t('train.off.safe')}
        </p>
      </div>
    </Card>
  );
}

function Parts() {
  const { t } = useText();
  const words = useTrainingText();
  const known = useExercises();
  if (known.failure)
    return <FailurePanel failure={known.failure} kind="part" noTrySpent onRetry={known.ask} />;
  if (words === null || known.result === null)
    return <Loading label={t('shell.loading-page')} shape="cards" />;
  const { exercises, causes } = known.result;
  return (
    <>
      <Present words={words} causes={causes} />
      <Tabs
        label={t('train.parts')}
        items={[
          {
            id: 'exercises',
            label: t('train.tab.exercises'),
            content: <Exercises exercises={exercises} words={words} />,
          },
          {
            id: 'cases',
            label: t('train.tab.cases'),
            content: <Cases exercises={exercises} words={words} />,
          },
          { id: 'card', label: t('train.tab.card'), content: <Practice /> },
          { id: 'catalogue', label: t('train.tab.catalogue'), content: <Catalogue words={words} /> },
        ]}
      />
    </>
  );
}
