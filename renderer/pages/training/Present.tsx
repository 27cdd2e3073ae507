import { Check, CircleCheck, CircleX, Clock, Flag } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type {
  TrainingCause,
  TrainingState,
  TrainingStep,
} from '../../../electron/contract/diagnostics/training.ts';
import { type TextKey, useText } from '../../app/text.tsx';
import { type RequestState, useRequest } from '../../app/use-request.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { Radios } from '../../components/Choices.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import type { Words } from './Exercises.tsx';
import { useTraining } from './training-desk.ts';

/** Where a step is done, when it is not here. */
const places: Readonly<Partial<Record<TrainingStep, readonly [path: string, label: TextKey]>>> = {
  'pin1-changed': ['/pins', 'train.where.pins'],
  'pin2-changed': ['/pins', 'train.where.pins'],
  'pin1-verified': ['/pins', 'train.where.pins'],
  'pin2-verified': ['/pins', 'train.where.pins'],
  'pin1-wrong': ['/pins', 'train.where.pins'],
  'pin1-blocked': ['/pins', 'train.where.pins'],
  'pin1-unblocked': ['/pins', 'train.where.pins'],
  'document-signed': ['/sign', 'train.where.sign'],
  'signed-in': ['/', 'train.where.start'],
  'signed-out': ['/', 'train.where.start'],
  'sign-in-refused': ['/', 'train.where.start'],
  'data-read': ['/data', 'train.where.data'],
  looked: ['/diagnostics', 'train.where.diagnostics'],
};

/** The exercise under way: its steps tick themselves off. */
export function Present({
  words,
  causes,
}: {
  readonly words: Words;
  readonly causes: readonly TrainingCause[];
}) {
  const { t, dateTime } = useText();
  const { training, tell } = useTraining();
  // Here, not where it is asked: the answer may take away the question before its result comes.
  const answer = useRequest('training.diagnose');
  const stop = useRequest('training.stop');
  const act = useRequest('training.act');
  const panel = useRef<HTMLHeadingElement>(null);
  const shown = useRef<string | undefined>(undefined);
  const exercise = training?.exercise;
  useEffect(() => {
    // Who starts an exercise further down is taken to it; who comes back to the page is not moved.
    if (exercise !== undefined && shown.current !== undefined && shown.current !== exercise)
      panel.current?.focus();
    shown.current = exercise ?? '';
  }, [exercise]);
  if (training === null) return null;
  const { steps, acts, finished, worldTime, audience, diagnosis } = training;
  const now = steps.find((step) => !step.done)?.step;
  const place = now === undefined ? undefined : places[now];
  const failure = act.failure ?? stop.failure;
  return (
    <Card kind="brand" className="present" aria-label={t('train.now')}>
      <div className="spread wrap">
        <div className="grow">
          <p className="small second">{t('train.now')}</p>
          <h2 ref={panel} tabIndex={-1}>
            {words(`training.exercise.${training.exercise}.title`)}
          </h2>
          <p>{words(`training.exercise.${training.exercise}.intro`)}</p>
        </div>
        <Button size="row" busy={stop.busy} onPress={() => void stop.run({})}>
          {t('train.stop')}
        </Button>
      </div>
      <p className="row small second">
        <Icon of={Clock} size={17} />
        {t('train.clock', { time: dateTime(worldTime) })}
      </p>
      <ol className="present-steps" aria-label={t('train.steps.label')} aria-live="polite">
        {steps.map(({ step, done }) => {
          const state = done ? 'done' : step === now ? 'now' : 'later';
          return (
            <li key={step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
              <span className="present-mark">
                {done ? <Icon of={Check} size={16} weight={2.6} /> : <i aria-hidden="true" />}
              </span>
              {words(`training.step.${step}`)}
              <span className="visually-hidden">, {t(`train.step.${state}`)}</span>
            </li>
          );
        })}
      </ol>
      {!finished && (
        <section className="row wide wrap" aria-label={t('train.do')}>
          {acts.map((one) => (
            <Button key={one} size="row" isDisabled={act.busy} onPress={() => void act.run({ act: one })}>
              {words(`training.act.${one}`)}
            </Button>
          ))}
          {place && (
            <ButtonLink to={place[0]} size="row" variant="primary">
              {t(place[1])}
            </ButtonLink>
          )}
          {now === 'looked' && (
            <ButtonLink to="/diagnostics/helpdesk" size="row">
              {t('train.where.helpdesk')}
            </ButtonLink>
          )}
        </section>
      )}
      {failure && <FailureNote failure={failure} />}
      {audience === 'helpdesk' && diagnosis === null && (
        <Diagnose
          words={words}
          causes={causes}
          request={answer}
          onAnswer={(cause) => tell(training.exercise, cause)}
        />
      )}
      {diagnosis !== null && <Verdict training={training} words={words} />}
      {finished && audience === 'citizen' && (
        <Note tone="good" icon={Flag} role="status" title={t('train.finished')}>
          <p>{t('train.finished.text')}</p>
        </Note>
      )}
    </Card>
  );
}

function Diagnose({
  words,
  causes,
  request,
  onAnswer,
}: {
  readonly words: Words;
  readonly causes: readonly TrainingCause[];
  readonly request: RequestState<'training.diagnose'>;
  readonly onAnswer: (truth: TrainingCause) => void;
}) {
  const { t } = useText();
  const [cause, setCause] = useState<TrainingCause | ''>('');
  const give = async () => {
    if (cause === '') return;
    const result = await request.run({ cause });
    if (result !== undefined) onAnswer(result.cause);
  };
  return (
    <div className="diagnose">
      <Radios<TrainingCause | ''>
        label={t('train.diagnose')}
        value={cause}
        choices={causes.map((one) => ({ value: one, label: words(`training.cause.${one}`) }))}
        onChange={setCause}
      />
      {request.failure && <FailureNote failure={request.failure} />}
      <div className="row wide wrap">
        <Button
          variant="primary"
          size="row"
          isDisabled={cause === ''}
          busy={request.busy}
          onPress={() => void give()}
        >
          {t('train.diagnose.do')}
        </Button>
        {cause === '' && <span className="small second">{t('train.diagnose.none')}</span>}
      </div>
    </div>
  );
}

function Verdict({ training, words }: { readonly training: TrainingState; readonly words: Words }) {
  const { t } = useText();
  const { truths } = useTraining();
  const { diagnosis, exercise } = training;
  if (diagnosis === null) return null;
  const { right } = diagnosis;
  const cause = right ? diagnosis.cause : truths[exercise];
  return (
    <Note
      tone={right ? 'good' : 'care'}
      icon={right ? CircleCheck : CircleX}
      role="status"
      title={t(right ? 'train.right' : 'train.wrong', {
        cause: cause === undefined ? '…' : words(`training.cause.${cause}`),
      })}
    >
      {cause !== undefined && <p>{words(`training.explanation.${cause}`)}</p>}
    </Note>
  );
}
