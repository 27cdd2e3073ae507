/** `pin status|verify|change|unblock` and `sign-digest`. */
import { Failure } from '../../contract/failures/failure.ts';
import type { Command, CommandContext } from '../command.ts';
import { pinLines } from '../print/pins.ts';

/** `1` or `2` as the PIN's name. */
function pinOf(word: string | undefined): 'PIN1' | 'PIN2' {
  if (word === '1' || word === '2') return `PIN${word}`;
  throw new Failure('usage', { parameters: { argument: word ?? 'pin' } });
}

const reader = (context: CommandContext) =>
  context.options.reader === undefined ? {} : { reader: context.options.reader };

export const pinCommand: Command = async (context, words) => {
  const { client, out, signal } = context;
  const [action, number, ...rest] = words;
  if (rest.length > 0) throw new Failure('usage', { parameters: { argument: rest[0] ?? '' } });
  if (action === 'status') {
    if (number !== undefined) throw new Failure('usage', { parameters: { argument: number } });
    const { pins } = await client.request('pin.status', reader(context), { signal });
    out.result({ pins }, () => pinLines(pins, out.text));
    return 0;
  }
  if (action !== 'verify' && action !== 'change' && action !== 'unblock') {
    throw new Failure('usage', { parameters: { argument: action ?? 'pin' } });
  }
  const pin = pinOf(number);
  await client.request(`pin.${action}`, { ...reader(context), pin }, { signal });
  out.result({ pin, done: action }, () => [out.text.t(`pin.${action}.done`, { pin })]);
  return 0;
};

export const signDigestCommand: Command = async (context, words) => {
  const { client, out, signal } = context;
  const [number, digest, ...rest] = words;
  const pin = pinOf(number);
  if (digest === undefined || rest.length > 0 || !/^(?:[0-9a-fA-F]{2}){1,64}$/.test(digest)) {
    throw new Failure('usage', { parameters: { argument: digest ?? 'sign-digest' } });
  }
  const result = await client.request('sign.digest', { ...reader(context), pin, digest }, { signal });
  out.result(result, () => [
    `${out.text.t('sign-digest.algorithm')}: ${result.algorithm}`,
    `${out.text.t('sign-digest.signature')}: ${result.signature}`,
  ]);
  return 0;
};
