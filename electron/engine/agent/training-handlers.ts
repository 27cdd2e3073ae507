/** What the agent answers about training. */
import { failureCodes } from '../../contract/failures/catalogue.ts';
import { Failure } from '../../contract/failures/failure.ts';
import type { MethodName, MethodParams, MethodResult } from '../../contract/protocol/methods.ts';
import type { Demonstrations } from './training/demonstrations.ts';
import type { Trainer } from './training/trainer.ts';

type TrainingMethod = Extract<MethodName, `training.${string}`>;

export type TrainingHandlers = {
  [M in TrainingMethod]: (params: MethodParams<M>) => Promise<MethodResult<M>>;
};

/** @param demonstrations loaded when the first is asked for */
export function trainingHandlers(
  trainer: Trainer,
  demonstrations: () => Promise<Demonstrations> = nothingToShow,
): TrainingHandlers {
  return {
    'training.catalogue': async () => {
      const known = await demonstrations();
      return { simulated: true, items: failureCodes.map((code) => ({ code, way: known.wayOf(code) })) };
    },
    'training.show': async ({ code }) => (await demonstrations()).show(code),
    'training.exercises': async () => ({ simulated: true, ...trainer.list() }),
    'training.start': async ({ exercise }) => ({ training: await trainer.start(exercise) }),
    'training.stop': async () => {
      await trainer.stop();
      return {};
    },
    'training.state': async () => ({ training: trainer.state }),
    'training.act': async ({ act }) => ({ training: trainer.act(act) }),
    'training.diagnose': async ({ cause }) => trainer.diagnose(cause),
  };
}

/** An agent that was put together without a simulated world. */
async function nothingToShow(): Promise<never> {
  throw new Failure('training-off');
}
