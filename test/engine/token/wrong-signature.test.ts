import { describe, expect, it } from 'vitest';
import type { CardChannel } from '../../../electron/engine/card/channel.ts';
import type { SignatureAlgorithm } from '../../../electron/engine/token/identity-token.ts';
import { openToken } from '../../../electron/engine/token/open-token.ts';
import type { SandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, digestOf, freshCard, idOf, pins } from './desk.ts';

/** The card in place of a reader; `spoil` sees each answer that could be a signature. */
function spoiled(card: SandboxCard, spoil: (signature: Uint8Array) => void): CardChannel {
  card.reset();
  return {
    readerName: 'Reader',
    simulated: true,
    atr: card.atr,
    gone: new Promise(() => {}),
    transmit: async (command) => {
      const answer = Uint8Array.from(await card.transmit(command));
      // PERFORM SECURITY OPERATION or INTERNAL AUTHENTICATE
      if ((command[1] === 0x2a || command[1] === 0x88) && answer.length > 2) spoil(answer.subarray(0, -2));
      return answer;
    },
    transaction: (work) => work(),
    control: async () => new Uint8Array(0),
    attribute: async () => undefined,
    close: async () => {},
  };
}

const cases: readonly [
  card: 'eid' | '2025' | 'esteid2018',
  role: 'authentication' | 'signature',
  SignatureAlgorithm,
][] = [
  ['eid', 'authentication', { kind: 'rsa-pkcs1', hash: 'SHA-256' }],
  ['eid', 'signature', { kind: 'rsa-pss', hash: 'SHA-256' }],
  ['2025', 'signature', { kind: 'ecdsa', hash: 'SHA-384' }],
  ['esteid2018', 'authentication', { kind: 'ecdsa', hash: 'SHA-384' }],
];

describe.each(cases)('a signature (%s, %s, %o)', (name, role, algorithm) => {
  const pin = () => code(role === 'authentication' ? pins.PIN1 : pins.PIN2);

  it('that is one bit wrong does not leave the token', async () => {
    const card = await freshCard({ card: name });
    const token = await openToken(
      spoiled(card, (signature) => {
        const last = signature.length - 1;
        signature[last] = (signature[last] as number) ^ 1;
      }),
    );
    const signing = token.sign(idOf(token, role), algorithm, digestOf(algorithm.hash), pin());
    expect((await failureOf(signing)).code).toBe('signature-invalid');
  });

  it('that belongs to another digest does not leave the token', async () => {
    const card = await freshCard({ card: name });
    let earlier: Uint8Array | undefined;
    const token = await openToken(
      spoiled(card, (signature) => {
        if (earlier === undefined) earlier = Uint8Array.from(signature);
        else signature.set(earlier);
      }),
    );
    const sign = (text: string) =>
      token.sign(idOf(token, role), algorithm, digestOf(algorithm.hash, text), pin());
    await expect(sign('first')).resolves.toHaveLength(algorithm.kind === 'ecdsa' ? 96 : 256);
    expect((await failureOf(sign('second'))).code).toBe('signature-invalid');
  });
});
