import {
  type Exercise,
  type ExerciseId,
  exerciseIds,
  type TrainingCause,
  type TrainingState,
  type TrainingStep,
  trainingCauses,
} from '../../electron/contract/diagnostics/training.ts';
import { failureCodes } from '../../electron/contract/failures/catalogue.ts';
import type { Answer, Answers } from './answer.ts';

/** A scripted trainer for looking at the training page: as the agent's, but each act does a step. */

const citizenSteps: Readonly<Partial<Record<ExerciseId, readonly TrainingStep[]>>> = {
  'first-use': ['card-inserted', 'pin1-changed', 'pin2-changed', 'pin1-verified', 'card-removed'],
  signing: ['card-inserted', 'document-signed', 'card-removed'],
  'forgotten-pin': ['card-inserted', 'pin1-wrong', 'pin1-blocked', 'pin1-unblocked', 'card-removed'],
  'lost-card': ['card-inserted', 'signed-in', 'card-removed', 'loss-reported', 'sign-in-refused'],
};

export const exercises = (): readonly Exercise[] =>
  exerciseIds.map((id) => {
    const steps = citizenSteps[id];
    return steps === undefined
      ? { id, audience: 'helpdesk', steps: ['looked', 'diagnosed'], acts: [] }
      : {
          id,
          audience: 'citizen',
          steps: [...steps],
          acts: id === 'lost-card' ? ['insert', 'remove', 'report-loss'] : ['insert', 'remove'],
        };
  });

/** An exercise with so many of its steps done. */
export function trainingState(
  exercise: ExerciseId,
  done: number,
  diagnosis: TrainingState['diagnosis'] = null,
): TrainingState {
  const known = exercises().find(({ id }) => id === exercise);
  if (known === undefined) throw new Error(`no exercise ${exercise}`);
  const steps = known.steps.map((step, index) => ({ step, done: index < done }));
  return {
    simulated: true,
    exercise,
    audience: known.audience,
    steps,
    acts: known.acts,
    finished: steps.every((step) => step.done),
    worldTime: '2026-11-22T09:30:00.000Z',
    diagnosis,
  };
}

/** Answers as the agent does; the true cause of every case is a revoked certificate. */
export function trainer(begun: TrainingState | null = null): Answers {
  let state = begun;
  const to = (next: TrainingState | null): TrainingState | null => {
    state = next;
    return state;
  };
  const told = (result: object): Answer => ({ result, events: [{ kind: 'training', training: state }] });
  const truth: TrainingCause = 'certificate-revoked';
  return {
    'training.exercises': () => ({
      result: { simulated: true, exercises: exercises(), causes: trainingCauses },
    }),
    'training.start': ({ exercise }) => told({ training: to(trainingState(exercise as ExerciseId, 0)) }),
    'training.stop': () => {
      to(null);
      return told({});
    },
    'training.act': () => {
      if (state === null) return { failure: 'training-none' };
      const done = state.steps.filter((step) => step.done).length;
      return told({ training: to(trainingState(state.exercise, done + 1)) });
    },
    'training.diagnose': ({ cause }) => {
      if (state === null) return { failure: 'training-none' };
      const right = cause === truth;
      const training = to(trainingState(state.exercise, 2, { cause: cause as TrainingCause, right }));
      return told({ right, cause: truth, training });
    },
    'training.catalogue': () => ({
      result: { simulated: true, items: failureCodes.map((code) => ({ code, way: 'provoked' })) },
    }),
    'training.show': ({ code }) => ({
      result: {
        simulated: true,
        code,
        way: code === 'service-absent' ? 'shown' : 'provoked',
        actions: code === 'service-absent' ? ['look-at-failure'] : ['card-in', 'pin-wrong'],
        failure: { code, parameters: { pin: 'PIN1' }, ...(code === 'pin-wrong' ? { triesLeft: 2 } : {}) },
      },
    }),
    'sandbox.insert': () => ({ result: {} }),
    'sandbox.remove': () => ({ result: {} }),
  };
}
