/** `login`, `logout` and `data`. */
import { Failure } from '../../contract/failures/failure.ts';
import { dataServiceSchema, dataServices } from '../../contract/portal/services.ts';
import type { Command, CommandContext } from '../command.ts';
import { dataLines } from '../print/data.ts';
import { sessionLines } from '../print/status.ts';

const reader = (context: CommandContext) =>
  context.options.reader === undefined ? {} : { reader: context.options.reader };

export const loginCommand: Command = async (context, words) => {
  refuseWords(words);
  const { client, out, attached, signal } = context;
  const { session } = await client.request('session.login', reader(context), { signal });
  out.result({ session }, () => [
    ...sessionLines(session, out.text),
    ...(attached ? [] : [out.text.t('login.own-agent')]),
  ]);
  return 0;
};

export const logoutCommand: Command = async (context, words) => {
  refuseWords(words);
  const { client, out, signal } = context;
  const { session } = await client.request('session.logout', {}, { signal });
  out.result({ session }, () => sessionLines(session, out.text));
  return 0;
};

/** Signs in when nobody is signed in, and out again after that; a session that was there stays. */
export const dataCommand: Command = async (context, words) => {
  const { client, out, snapshot, signal } = context;
  const service = dataServiceSchema.safeParse(words[0]);
  if (!service.success || words.length > 1) {
    throw new Failure('usage', {
      parameters: { argument: words[1] ?? words[0] ?? `data ${dataServices.join('|')}` },
    });
  }
  const signedIn = snapshot.session.state === 'signed-in';
  if (!signedIn) await client.request('session.login', reader(context), { signal });
  try {
    const answer = await client.request('data.read', { service: service.data }, { signal });
    out.result(answer, () => dataLines(answer, out.text));
  } finally {
    if (!signedIn) await client.request('session.logout', {}).catch(() => undefined);
  }
  return 0;
};

function refuseWords(words: readonly string[]): void {
  if (words[0] !== undefined) throw new Failure('usage', { parameters: { argument: words[0] } });
}
