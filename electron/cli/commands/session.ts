/** `login`, `logout`, `data` and `register`. */
import { Failure } from '../../contract/failures/failure.ts';
import type { SessionJson } from '../../contract/model/status.ts';
import { registrationSchema } from '../../contract/portal/registration.ts';
import { dataServiceSchema, dataServices } from '../../contract/portal/services.ts';
import { type Command, type CommandContext, readerParameter, refuseWords } from '../command.ts';
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

export const dataCommand: Command = (words) => {
  const service = dataServiceSchema.safeParse(words[0]);
  if (!service.success) {
    throw new Failure('usage', { parameters: { argument: words[0] ?? `data ${dataServices.join('|')}` } });
  }
  refuseWords(words.slice(1));
  return (context) =>
    withinSession(context, async ({ portal }) => {
      const { client, out, options, signal } = context;
      const answer = await client.request('data.read', { service: service.data }, { signal });
      const shown = { simulated: portal?.simulated ?? false, showSensitive: options.all };
      out.result(answer, () => dataLines(answer, out.text, shown));
      return 0;
    });
};

/** First-time registration at the portal, with the contact data of the options. */
export const registerCommand: Command = (words) => {
  refuseWords(words);
  return (context) => {
    const { options, out } = context;
    const { email, phone: mobilePhone, homePhone = null, address: postalAddress = null } = options;
    const registration = registrationSchema.safeParse({
      email,
      mobilePhone,
      homePhone,
      postalAddress,
      language: out.text.language,
    });
    if (!registration.success) {
      // Said before anyone is asked for a PIN.
      const field = String(registration.error.issues[0]?.path[0]);
      throw new Failure('usage', { parameters: { argument: optionOf[field] ?? field } });
    }
    return withinSession(context, async () => {
      const { client, signal } = context;
      const { session } = await client.request('session.register', registration.data, { signal });
      out.result({ session }, () => [out.text.t('register.done'), ...sessionLines(session, out.text)]);
      return 0;
    });
  };
};

/** Which option a field of the registration comes from. */
const optionOf: Readonly<Record<string, string>> = {
  email: '--email',
  mobilePhone: '--phone',
  homePhone: '--home-phone',
  postalAddress: '--address',
};

/** Signs in when nobody is signed in, and out again after that; a session that was there stays. */
async function withinSession(
  context: CommandContext,
  work: (session: SessionJson) => Promise<number>,
): Promise<number> {
  const { client, snapshot, signal } = context;
  const signedIn = snapshot.session.state === 'signed-in';
  const { session } = signedIn
    ? snapshot
    : await client.request('session.login', readerParameter(context), { signal });
  try {
    return await work(session);
  } finally {
    if (!signedIn) await client.request('session.logout', {}).catch(() => undefined);
  }
}
