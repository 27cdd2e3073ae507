/**
 * The main job from end to end on the embedded sandbox: a simulated card is put on a simulated reader, PIN1 and
 * PIN2 are checked, the portal is entered, the data are read, a PDF is signed, the session ends, the card is taken
 * away.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgentClient } from '../../client/agent-client.ts';
import { Failure } from '../../contract/failures/failure.ts';
import type { CertificateJson, TokenJson } from '../../contract/model/card.ts';
import { failureFromWire } from '../../contract/model/failure.ts';
import type { SignedDocument } from '../../contract/model/signing.ts';
import { mainServices } from '../../contract/portal/services.ts';
import type { AgentEvent } from '../../contract/protocol/messages.ts';
import { defaultSandboxCard } from '../arguments.ts';
import { type Command, type CommandContext, refuseWords } from '../command.ts';
import { demoDocument } from '../demo-document.ts';
import { spacedIdnp } from '../print/certificates.ts';
import { dataLines } from '../print/data.ts';

interface Step {
  readonly step: string;
  readonly ms: number;
  readonly sentence: string;
}

export const demoCommand: Command = (words) => {
  refuseWords(words);
  return demo;
};

async function demo({ client, out, options, signal }: CommandContext): Promise<number> {
  const { text } = out;
  const card = options.card ?? defaultSandboxCard;
  const steps: Step[] = [];
  const begun = performance.now();

  /** Runs one step and says what came of it, and how long it took. */
  const step = async <T>(
    name: string,
    work: () => Promise<T>,
    sentence: (result: T) => string,
  ): Promise<T> => {
    const from = performance.now();
    const result = await work();
    const done = { step: name, ms: Math.round(performance.now() - from), sentence: sentence(result) };
    steps.push(done);
    if (!out.json) out.lines([`${String(done.ms).padStart(6)} ms  ${done.sentence}`]);
    return result;
  };

  if (!out.json) out.lines([text.t('demo.title'), text.t('demo.simulated'), '']);
  const token = await step(
    'insert',
    async () => {
      // Together: when one fails, nobody is left waiting for the other.
      const inserting = client.request('sandbox.insert', { card }, { signal });
      const [read] = await Promise.all([nextToken(client, signal), inserting]);
      return read;
    },
    (read) => text.t('demo.insert', holderOf(read)),
  );
  for (const pin of token.pins) {
    if (pin.name === 'PUK') continue;
    const { name } = pin;
    await step(
      `verify-${name.toLowerCase()}`,
      () => client.request('pin.verify', { pin: name }, { signal }),
      () => text.t('demo.verified', { pin: name, role: text.t(`pin.role.${pin.role}`) }),
    );
  }
  const signPin = token.certificates.some((c) => c.role === 'authentication') ? 'PIN1' : 'PIN2';
  await step(
    'login',
    () => client.request('session.login', {}, { signal }),
    ({ session }) =>
      text.t(signPin === 'PIN1' ? 'demo.login' : 'demo.login-by-signature', {
        host: session.portal?.host ?? '',
      }),
  );
  const answers = await step(
    'read',
    () => Promise.all(mainServices.map((service) => client.request('data.read', { service }, { signal }))),
    (all) =>
      text.t('demo.read', {
        count: all.length,
        items: all.reduce((sum, answer) => sum + answer.items.length, 0),
      }),
  );
  await step(
    'sign',
    () => signDemoDocument(client, signal),
    ({ digest, signer }) => text.t('demo.sign', { name: signer.commonName, hash: digest.algorithm }),
  );
  await step(
    'logout',
    () => client.request('session.logout', {}, { signal }),
    () => text.t('demo.logout'),
  );
  await step(
    'remove',
    async () => {
      await Promise.all([nextRemoval(client, signal), client.request('sandbox.remove', {}, { signal })]);
    },
    () => text.t('demo.remove'),
  );

  const totalMs = Math.round(performance.now() - begun);
  if (out.json) {
    out.result({ demo: { card, simulated: true, steps, totalMs, data: answers } }, () => []);
  } else {
    out.lines([
      '',
      ...answers.flatMap((answer) => [...dataLines(answer, text, { simulated: true }), '']),
      text.t('demo.total', { ms: totalMs }),
    ]);
  }
  return 0;
}

/** Signs a PDF in a folder of its own, of which nothing stays. */
async function signDemoDocument(client: AgentClient, signal: AbortSignal): Promise<SignedDocument> {
  const folder = await mkdtemp(path.join(tmpdir(), 'buletin-demo-'));
  try {
    const input = path.join(folder, 'demo.pdf');
    await writeFile(input, demoDocument());
    const { results } = await client.request('sign.documents', { documents: [{ input }] }, { signal });
    const [result] = results;
    if (result === undefined) throw new Failure('internal', { detail: 'no result' });
    if ('failure' in result) throw failureFromWire(result.failure);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Who the card says its holder is. */
function holderOf(token: TokenJson): { name: string; idnp: string; label: string } {
  const certificate: CertificateJson | undefined =
    token.certificates.find((candidate) => candidate.role === 'authentication') ?? token.certificates[0];
  const idnp = certificate?.subject.idnp;
  return {
    name: certificate?.subject.commonName ?? '?',
    idnp: idnp ? spacedIdnp(idnp) : '?',
    label: token.label,
  };
}

/** The next event that `pick` takes something from. */
function nextEvent<T>(
  client: AgentClient,
  signal: AbortSignal,
  pick: (event: AgentEvent) => T | Failure | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      client.off('event', onEvent);
      client.off('lost', onLost);
      signal.removeEventListener('abort', onAbort);
      action();
    };
    const onEvent = (event: AgentEvent) => {
      const picked = pick(event);
      if (picked instanceof Failure) settle(() => reject(picked));
      else if (picked !== undefined) settle(() => resolve(picked));
    };
    const onLost = () => settle(() => reject(new Failure('agent-lost')));
    const onAbort = () => settle(() => reject(new Failure('cancelled')));
    client.on('event', onEvent);
    client.once('lost', onLost);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

const nextToken = (client: AgentClient, signal: AbortSignal): Promise<TokenJson> =>
  nextEvent(client, signal, (event) => {
    if (event.kind !== 'token') return undefined;
    return event.token ?? (event.problem ? failureFromWire(event.problem) : undefined);
  });

const nextRemoval = (client: AgentClient, signal: AbortSignal): Promise<true> =>
  nextEvent(client, signal, (event) => (event.kind === 'token' && event.token === null ? true : undefined));
