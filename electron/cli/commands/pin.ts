/** `pin status|verify|change|unblock` and `sign-digest`. */
import { Failure } from '../../contract/failures/failure.ts';
import { type Command, type CommandContext, readerParameter, refuseWords } from '../command.ts';
import { pinLines } from '../print/pins.ts';

/** `1` or `2` as the PIN's name. */
function pinOf(word: string | undefined): 'PIN1' | 'PIN2' {
  if (word === '1' || word === '2') return `PIN${word}`;
  throw new Failure('usage', { parameters: { argument: word ?? 'pin' } });
}

const pinActions = ['verify', 'change', 'unblock'] as const;

export const pinCommand: Command = (words) => {
  const [action, number, ...rest] = words;
  refuseWords(rest);
  if (action === 'status') {
    refuseWords(words.slice(1));
    return pinStatus;
  }
  const known = pinActions.find((candidate) => candidate === action);
  if (!known) throw new Failure('usage', { parameters: { argument: action ?? 'pin' } });
  const pin = pinOf(number);
  return async (context) => {
    const { client, out, signal } = context;
    await client.request(`pin.${known}`, { ...readerParameter(context), pin }, { signal });
    out.result({ pin, done: known }, () => [out.text.t(`pin.${known}.done`, { pin })]);
    return 0;
  };
};

async function pinStatus(context: CommandContext): Promise<number> {
  const { client, out, signal } = context;
  const { pins } = await client.request('pin.status', readerParameter(context), { signal });
  out.result({ pins }, () => pinLines(pins, out.text));
  return 0;
}

export const signDigestCommand: Command = (words) => {
  const [number, digest, ...rest] = words;
  const pin = pinOf(number);
  refuseWords(rest);
  if (digest === undefined || !/^(?:[0-9a-fA-F]{2}){1,64}$/.test(digest)) {
    throw new Failure('usage', { parameters: { argument: digest ?? 'sign-digest' } });
  }
  return async (context) => {
    const { client, out, signal } = context;
    const result = await client.request(
      'sign.digest',
      { ...readerParameter(context), pin, digest },
      { signal },
    );
    out.result(result, () => [
      `${out.text.t('sign-digest.algorithm')}: ${result.algorithm}`,
      `${out.text.t('sign-digest.signature')}: ${result.signature}`,
    ]);
    return 0;
  };
};
