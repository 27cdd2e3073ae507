/** `login`, `logout` and `data`. */
import { Failure } from '../../contract/failures/failure.ts';
import { dataServiceSchema, dataServices } from '../../contract/portal/services.ts';
import { type Command, readerParameter, refuseWords } from '../command.ts';
import { dataLines } from '../print/data.ts';
import { sessionLines } from '../print/status.ts';

export const loginCommand: Command = (words) => {
  refuseWords(words);
  return async (context) => {
    const { client, out, attached, signal } = context;
    const { session } = await client.request('session.login', readerParameter(context), { signal });
    out.result({ session }, () => [
      ...sessionLines(session, out.text),
      ...(attached ? [] : [out.text.t('login.own-agent')]),
    ]);
    return 0;
  };
};

export const logoutCommand: Command = (words) => {
  refuseWords(words);
  return async ({ client, out, signal }) => {
    const { session } = await client.request('session.logout', {}, { signal });
    out.result({ session }, () => sessionLines(session, out.text));
    return 0;
  };
};

/** Signs in when nobody is signed in, and out again after that; a session that was there stays. */
export const dataCommand: Command = (words) => {
  const service = dataServiceSchema.safeParse(words[0]);
  if (!service.success) {
    throw new Failure('usage', { parameters: { argument: words[0] ?? `data ${dataServices.join('|')}` } });
  }
  refuseWords(words.slice(1));
  return async (context) => {
    const { client, out, snapshot, signal } = context;
    const signedIn = snapshot.session.state === 'signed-in';
    if (!signedIn) await client.request('session.login', readerParameter(context), { signal });
    try {
      const answer = await client.request('data.read', { service: service.data }, { signal });
      out.result(answer, () => dataLines(answer, out.text));
    } finally {
      if (!signedIn) await client.request('session.logout', {}).catch(() => undefined);
    }
    return 0;
  };
};
