import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { asFailure } from '../../../electron/contract/failures/failure.ts';
import type { CardChannel } from '../../../electron/engine/card/channel.ts';
import { openToken } from '../../../electron/engine/token/open-token.ts';
import type { SandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { FileCard } from '../card/file-card.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, digestOf, freshCard, pins } from './desk.ts';

/** What a lying card or reader does to one answer. */
type Lie = (answer: Uint8Array) => Uint8Array;

const lie: fc.Arbitrary<Lie> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map(
    (bytes): Lie =>
      () =>
        bytes,
  ),
  fc.nat(400).map(
    (length): Lie =>
      (answer) =>
        answer.subarray(0, length),
  ),
  fc.tuple(fc.nat(2000), fc.nat(255)).map(
    ([at, value]): Lie =>
      (answer) => {
        const changed = Uint8Array.from(answer);
        if (changed.length > 0) changed[at % changed.length] = value;
        return changed;
      },
  ),
  fc
    .constantFrom(
      0x6100,
      0x6cff,
      0x6282,
      0x6700,
      0x6982,
      0x6a82,
      0x6a86,
      0x63c0,
      0x63c3,
      0x6985,
      0x9000,
      0x6f00,
    )
    .map(
      (sw): Lie =>
        (answer) =>
          Uint8Array.from([...answer.subarray(0, -2), sw >> 8, sw & 0xff]),
    ),
  fc.nat(3000).map(
    (length): Lie =>
      (answer) =>
        Uint8Array.from([...answer.subarray(0, -2), ...new Uint8Array(length), ...answer.subarray(-2)]),
  ),
);

interface Counting extends CardChannel {
  commands: number;
  secrets: number;
}

/** The card in place of a reader, with lies told at some commands. */
function lying(card: SandboxCard, lies: ReadonlyMap<number, Lie>): Counting {
  card.reset();
  const channel: Counting = {
    readerName: 'Reader',
    simulated: true,
    atr: card.atr,
    commands: 0,
    secrets: 0,
    gone: new Promise(() => {}),
    transmit: async (command) => {
      if ([0x20, 0x24, 0x2c].includes(command[1] ?? 0) && command.length > 5) channel.secrets += 1;
      const answer = await card.transmit(command);
      const told = lies.get(channel.commands);
      channel.commands += 1;
      return told ? told(answer) : answer;
    },
    transaction: (work) => work(),
    control: async () => new Uint8Array(0),
    attribute: async () => undefined,
    close: async () => {},
  };
  return channel;
}

const ecdsa = { kind: 'ecdsa', hash: 'SHA-384' } as const;

describe.each(['2025', 'esteid2018'] as const)('a card (%s) that lies', (name) => {
  let card: SandboxCard;
  beforeAll(async () => {
    card = await freshCard({ card: name });
  });

  it('while it is read is read or refused by name, in bounded time, and gets no PIN', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...'0123456789'), lie, { minKeys: 1 }), async (lies) => {
        const channel = lying(card, new Map(Object.entries(lies).map(([at, one]) => [Number(at), one])));
        const failure = await openToken(channel).then(
          () => undefined,
          (thrown: unknown) => asFailure(thrown),
        );
        expect(failure === undefined ? 'read' : failure.code).toMatch(
          /^(?:read|card-malformed|card-unknown|card-refused)$/,
        );
        expect(channel.commands).toBeLessThan(2000);
        expect(channel.secrets).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it('while it signs: a valid signature or a named failure, one command with the PIN at most', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(8), lie, async (at, one) => {
        const lies = new Map<number, Lie>();
        const channel = lying(card, lies);
        const token = await openToken(channel);
        lies.set(channel.commands + at, one);
        const id = token.certificates.at(-1)?.id ?? '';
        const outcome = await token.sign(id, ecdsa, digestOf('SHA-384'), code(pins.PIN2)).then(
          (signature) => (signature.length === 96 ? 'signed' : 'wrong length'),
          (thrown: unknown) => asFailure(thrown).code,
        );
        expect(outcome).toMatch(
          /^(?:signed|signature-invalid|card-malformed|card-refused|pin-wrong|pin-blocked|pin-last-try|pin-length|pin-change-first|pin-outcome-unknown)$/,
        );
        expect(channel.secrets).toBeLessThanOrEqual(1);
        expect(card.tries('PIN2')).toBe(3);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a card that is not known', () => {
  const files = { files: new Map<string, Uint8Array>() };

  it.each([
    [
      '3BDF96FF8131FE4580738421E0574D44415F415350810F87',
      /Moldovan identity card of 2025, but its layout is not public/,
    ],
    [
      '3BDF96008131FE4580738421E0574D44415F415350810F78',
      /Moldovan identity card of 2025, but its layout is not public/,
    ],
    [
      '3B8F800180738421E0574D44415F415350810F34',
      /resembles .* \(contactless\), but its layout is not public/,
    ],
    ['3B00', /no PKCS#15 data and no profile/],
  ])('ATR %s: says what is known about it', async (atr, detail) => {
    const failure = await failureOf(openToken(new FileCard({ ...files, atr })));
    expect(failure.code).toBe('card-unknown');
    expect(failure.detail).toMatch(detail);
  });

  it('is only read: SELECT, and nothing that could cost a try', async () => {
    const card = new FileCard({ ...files, atr: '3BDF96FF8131FE4580738421E0574D44415F415350810F87' });
    await failureOf(openToken(card));
    expect(card.received.length).toBeGreaterThan(5);
    expect(card.received.filter((command) => !command.startsWith('00A4'))).toEqual([]);
  });
});
