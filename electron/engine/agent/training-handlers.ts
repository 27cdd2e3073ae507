/** What the agent answers about training. */
import { Failure } from '../../contract/failures/failure.ts';
import type { MethodName, MethodParams, MethodResult } from '../../contract/protocol/methods.ts';

type TrainingMethod = Extract<MethodName, `training.${string}`>;

export type TrainingHandlers = {
  [M in TrainingMethod]: (params: MethodParams<M>) => Promise<MethodResult<M>>;
};

export function trainingHandlers(): TrainingHandlers {
  const notYet = async (): Promise<never> => {
    throw new Failure('internal', { detail: 'not there yet' });
  };
  return {
    'training.catalogue': notYet,
    'training.show': notYet,
    'training.exercises': notYet,
    'training.start': notYet,
    'training.stop': notYet,
    'training.state': notYet,
    'training.act': notYet,
    'training.diagnose': notYet,
  };
}
