import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SandboxCardSpec } from '../../../electron/sandbox/cards/index.ts';
import { freshCard } from './desk.ts';

/** Sequences of up to twelve commands for each property; `LONG=1` runs more. */
const runs = process.env.LONG === '1' ? 50_000 : 700;

const known = fc.constantFrom(0x20, 0x22, 0x24, 0x2a, 0x2c, 0x2e, 0x84, 0x88, 0xa4, 0xb0, 0xc0, 0xca, 0xcb);
const byte = fc.integer({ min: 0, max: 255 });
const parameter = fc.oneof(
  byte,
  fc.constantFrom(
    0x00,
    0x01,
    0x02,
    0x04,
    0x08,
    0x0c,
    0x41,
    0x80,
    0x81,
    0x85,
    0x86,
    0x9a,
    0x9e,
    0xa4,
    0xb6,
    0xb8,
  ),
);
const data = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 200, maxLength: 300 }),
  fc.constantFrom(
    Uint8Array.of(0x50, 0x15),
    Uint8Array.of(0x50, 0x15, 0x4b, 0x01),
    Uint8Array.of(0xad, 0xf2),
    Uint8Array.from(Buffer.from('34323731FFFFFFFF', 'hex')),
    Uint8Array.from(Buffer.from('800102840101', 'hex')),
    Uint8Array.from(Buffer.from('80010481024B01840100', 'hex')),
  ),
);

/** A well-formed command APDU, short or extended, with or without data and Le. */
const command = fc
  .record({
    cla: fc.oneof({ arbitrary: fc.constantFrom(0x00, 0x10), weight: 8 }, { arbitrary: byte, weight: 1 }),
    ins: fc.oneof({ arbitrary: known, weight: 8 }, { arbitrary: byte, weight: 1 }),
    p1: parameter,
    p2: parameter,
    data: fc.option(data, { nil: new Uint8Array() }),
    le: fc.option(byte, { nil: undefined }),
    extended: fc.boolean(),
  })
  .map(({ cla, ins, p1, p2, data, le, extended }) => {
    const long = extended || data.length > 255;
    const lc = data.length === 0 ? [] : long ? [0, data.length >> 8, data.length & 0xff] : [data.length];
    const leBytes = le === undefined ? [] : long ? [...(data.length === 0 ? [0] : []), 0, le] : [le];
    return Uint8Array.from([cla, ins, p1, p2, ...lc, ...data, ...leBytes]);
  });

/** A command that carries reference data of about the right length to a PIN that may be there. */
const entry = fc
  .record({
    ins: fc.constantFrom(0x20, 0x24, 0x2c),
    p1: fc.constantFrom(0x00, 0x00, 0x02),
    p2: fc.constantFrom(0x01, 0x02, 0x81, 0x85),
    digits: fc.uint8Array({ minLength: 24, maxLength: 24, min: 0x30, max: 0x39 }),
    length: fc.constantFrom(0, 7, 8, 12, 16, 24),
  })
  .filter(({ length, ins }) => length > 0 || ins !== 0x20)
  .map(({ ins, p1, p2, digits, length }) =>
    Uint8Array.from([0x00, ins, p1, p2, ...(length === 0 ? [] : [length, ...digits.subarray(0, length)])]),
  );
/** Enters the application of the PKCS#15 cards or of the EstEID's signature, whichever is there. */
const selections = [
  Uint8Array.from(Buffer.from('00A4080C025015', 'hex')),
  Uint8Array.from(Buffer.from('00A4080C02ADF2', 'hex')),
];

const firstBytes = new Set([0x61, 0x62, 0x63, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x90]);

/** The status word of a response that has the right shape. (Plain checks: `expect` costs more than the card.) */
function statusOf(response: Uint8Array): number {
  if (response.length < 2 || response.length > 65_538) throw new Error(`${response.length} bytes answered`);
  const sw = ((response.at(-2) ?? 0) << 8) | (response.at(-1) ?? 0);
  // 6F00, which the card answers when something in it throws, is not among these.
  if (!firstBytes.has(sw >> 8)) throw new Error(`status word ${sw.toString(16)}`);
  return sw;
}

/** Runs a property, first on a given sequence if there is one, and says how many cases it had. */
async function holds(
  numRuns: number,
  property: fc.IAsyncProperty<[Uint8Array[]]>,
  first?: Uint8Array[],
): Promise<number> {
  const details = await fc.check(property, { numRuns, ...(first && { examples: [[first]] }) });
  if (details.failed) throw new Error(fc.defaultReportMessage(details) ?? 'failed');
  return details.numRuns;
}

const sequence = (one: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array[]> =>
  fc.array(one, { minLength: 1, maxLength: 12 });
const carriesReferenceData = (bytes: Uint8Array): boolean => [0x20, 0x24, 0x2c].includes(bytes[1] ?? 0);

const faces: readonly [string, SandboxCardSpec][] = [
  ['the electronic identity card', { card: 'eid' }],
  ['its OsEID face', { card: 'eid', face: 'oseid' }],
  ['the card of 2025', { card: '2025' }],
  ['the EstEID', { card: 'esteid2018' }],
  ['the EstEID with T=0 manners', { card: 'esteid2018', transport: 'T=0' }],
];

describe.each(faces)('hostile commands to %s', (_name, spec) => {
  it('any bytes get a status word', async () => {
    const card = await freshCard(spec);
    const property = fc.asyncProperty(sequence(fc.uint8Array({ maxLength: 300 })), async (commands) => {
      for (const bytes of commands) statusOf(await card.transmit(bytes));
    });
    expect(await holds(runs, property)).toBe(runs);
  });

  it('any sequence of well-formed commands gets status words, and the commands stay as they were', async () => {
    const card = await freshCard(spec);
    const property = fc.asyncProperty(sequence(command), async (commands) => {
      card.reset();
      for (const bytes of commands) {
        const before = Buffer.from(bytes);
        statusOf(await card.transmit(bytes));
        if (!before.equals(bytes)) throw new Error('the card wrote into the command');
      }
    });
    expect(await holds(runs, property)).toBe(runs);
  });

  it('no try is ever spent but by a command that carries reference data', async () => {
    const card = await freshCard(spec);
    const harmless = sequence(command.filter((bytes) => !carriesReferenceData(bytes)));
    const property = fc.asyncProperty(harmless, async (commands) => {
      for (const bytes of commands) statusOf(await card.transmit(bytes));
    });
    expect(await holds(runs, property)).toBe(runs);
    expect(card.commandLog.triesSpent).toBe(0);
  });

  it('one command costs one try at most, and says so', async () => {
    let spent = 0;
    const property = fc.asyncProperty(sequence(entry), async (commands) => {
      const card = await freshCard(spec);
      for (const select of selections) await card.transmit(select);
      for (const bytes of commands) {
        const before = card.commandLog.triesSpent;
        const sw = statusOf(await card.transmit(bytes));
        const cost = card.commandLog.triesSpent - before;
        if (cost > 1 || (cost === 1) !== ((sw & 0xfff0) === 0x63c0)) {
          throw new Error(`${cost} tries for status word ${sw.toString(16)}`);
        }
        spent += cost;
      }
    });
    // Chance alone need not find a PIN of this card: every reference is tried with every length of the layouts.
    const wrong = [0x01, 0x02, 0x81, 0x85].flatMap((reference) =>
      [4, 8, 12].map((length) =>
        Uint8Array.of(0x00, 0x20, 0x00, reference, length, ...new Uint8Array(length).fill(0x39)),
      ),
    );
    expect(await holds(30, property, wrong)).toBe(30);
    expect(spent).toBeGreaterThan(0);
  });
});
