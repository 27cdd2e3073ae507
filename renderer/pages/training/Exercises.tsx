import {
  CircleCheck,
  CirclePlay,
  IdCard,
  KeyRound,
  type LucideIcon,
  PenLine,
  RotateCcw,
  ShieldOff,
} from 'lucide-react';
import { useCallback, useEffect } from 'react';
import type { Exercise, ExerciseId } from '../../../electron/contract/diagnostics/training.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { Card } from '../../components/Card.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { Tag } from '../../components/Tag.tsx';
import { useTraining } from './training-desk.ts';
import type { TrainingKey } from './training-text.ts';

export type Words = (key: TrainingKey) => string;

const icons: Readonly<Partial<Record<ExerciseId, LucideIcon>>> = {
  'first-use': IdCard,
  signing: PenLine,
  'forgotten-pin': KeyRound,
  'lost-card': ShieldOff,
};

/** What there is to practise. */
export function useExercises() {
  const up = useWindow(({ connection }) => connection === 'up');
  const { run, result, failure } = useRequest('training.exercises');
  const ask = useCallback(() => void run({}), [run]);
  useEffect(() => {
    if (up) ask();
  }, [up, ask]);
  return { result, failure, ask };
}

interface ListProps {
  readonly exercises: readonly Exercise[];
  readonly words: Words;
}

/** For citizens. */
export function Exercises({ exercises, words }: ListProps) {
  const { t } = useText();
  const start = useRequest('training.start');
  return (
    <div className="training-part">
      <p className="second">{t('train.exercises.lead')}</p>
      {start.failure && <FailureNote failure={start.failure} />}
      <div className="exercises exercises-few">
        {exercises
          .filter(({ audience }) => audience === 'citizen')
          .map((exercise) => (
            <Tile
              key={exercise.id}
              exercise={exercise}
              words={words}
              busy={start.busy}
              onStart={() => void start.run({ exercise: exercise.id })}
            />
          ))}
      </div>
    </div>
  );
}

/** For helpdesk staff. */
export function Cases({ exercises, words }: ListProps) {
  const { t } = useText();
  const { done } = useTraining();
  const start = useRequest('training.start');
  const cases = exercises.filter(({ audience }) => audience === 'helpdesk');
  const solved = cases.filter(({ id }) => done.has(id)).length;
  return (
    <div className="training-part">
      <div className="spread wrap">
        <p className="second">{t('train.cases.lead')}</p>
        <span className="small third">{t('train.cases.solved', { count: solved })}</span>
      </div>
      {start.failure && <FailureNote failure={start.failure} />}
      <div className="exercises">
        {cases.map((exercise) => (
          <Tile
            key={exercise.id}
            exercise={exercise}
            words={words}
            busy={start.busy}
            onStart={() => void start.run({ exercise: exercise.id })}
          />
        ))}
      </div>
    </div>
  );
}

function Tile({
  exercise: { id, audience, steps },
  words,
  busy,
  onStart,
}: {
  readonly exercise: Exercise;
  readonly words: Words;
  readonly busy: boolean;
  readonly onStart: () => void;
}) {
  const { t } = useText();
  const { training, done } = useTraining();
  const mine = training?.exercise === id;
  const finished = done.has(id);
  const passed = mine ? training.steps.filter((step) => step.done).length : finished ? steps.length : 0;
  const icon = icons[id];
  const title = words(`training.exercise.${id}.title`);
  return (
    <Card className="exercise" data-now={mine} data-audience={audience} aria-label={title}>
      <div className="spread">
        <h2>
          {icon && (
            <span className="exercise-icon">
              <Icon of={icon} size={22} />
            </span>
          )}
          {title}
        </h2>
        {mine && !training.finished ? (
          <Tag tone="info">{t('train.open')}</Tag>
        ) : (
          finished && (
            <Tag tone="good" icon={CircleCheck}>
              {t(audience === 'citizen' ? 'train.done' : 'train.solved')}
            </Tag>
          )
        )}
      </div>
      <p className="second exercise-intro">{words(`training.exercise.${id}.intro`)}</p>
      <div className="spread exercise-foot">
        {audience === 'citizen' ? (
          <span className="exercise-progress">
            <span className="exercise-bar" aria-hidden="true">
              <i style={{ width: `${(100 * passed) / steps.length}%` }} />
            </span>
            <span className="small third">
              {passed > 0 && passed < steps.length
                ? t('train.step-of', { step: passed + 1, steps: steps.length })
                : t('train.steps', { count: steps.length })}
            </span>
          </span>
        ) : (
          <span />
        )}
        <Button
          size="row"
          icon={finished || mine ? RotateCcw : CirclePlay}
          isDisabled={busy}
          aria-label={`${t(finished || mine ? 'train.again' : 'train.start')}: ${title}`}
          onPress={onStart}
        >
          {t(finished || mine ? 'train.again' : 'train.start')}
        </Button>
      </div>
    </Card>
  );
}
