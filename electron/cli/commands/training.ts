/** `training list` and `training show CODE`: what failures look like, in a simulated world. */
import { type FailureCode, failureCodes } from '../../contract/failures/catalogue.ts';
import { Failure } from '../../contract/failures/failure.ts';
import { failureFromWire } from '../../contract/model/failure.ts';
import { trainingTextOf } from '../../contract/text/training-texts.ts';
import { type Command, refuseWords } from '../command.ts';

export const trainingCommand: Command = ([what, ...rest]) => {
  if (what === 'list') {
    refuseWords(rest);
    return list;
  }
  const [code, ...more] = rest;
  const known = failureCodes.find((one) => one === code);
  if (what !== 'show' || known === undefined) {
    throw new Failure('usage', {
      parameters: { argument: (what === 'show' ? code : what) ?? 'training list|show CODE' },
    });
  }
  refuseWords(more);
  return show(known);
};

const list: ReturnType<Command> = async ({ client, out, signal }) => {
  const { items } = await client.request('training.catalogue', {}, { signal });
  const { exercises } = await client.request('training.exercises', {}, { signal });
  const words = trainingTextOf(out.text.language);
  out.result({ simulated: true, items, exercises }, () => [
    out.text.t('training.exercises'),
    ...exercises.map(({ id }) => `  ${id}  ${words(`training.exercise.${id}.title`)}`),
    '',
    out.text.t('training.failures'),
    ...items.map(({ code }) => `  ${code}  ${out.text.failure(new Failure(code)).message}`),
  ]);
  return 0;
};

const show =
  (code: FailureCode): ReturnType<Command> =>
  async ({ client, out, signal }) => {
    const shown = await client.request('training.show', { code }, { signal });
    const words = trainingTextOf(out.text.language);
    const failure = out.text.failure(failureFromWire(shown.failure));
    out.result({ ...shown, words: failure }, () => [
      out.text.t(`training.${shown.way}`),
      ...shown.actions.map((action) => `  ${words(`training.action.${action}`)}`),
      '',
      failure.message,
      failure.cause,
      ...failure.fix.map((step) => `  • ${step}`),
      out.text.t('failure.code', { code, owner: out.text.t(`owner.${failure.owner}`) }),
    ]);
    return 0;
  };
