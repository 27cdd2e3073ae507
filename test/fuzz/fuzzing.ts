import fc from 'fast-check';
import { expect } from 'vitest';
import { Failure } from '../../electron/contract/failures/failure.ts';

/** `npm run test:long` and a patient developer multiply the number of cases. */
const scale = Number(process.env.FUZZ_SCALE ?? 1);
/** A seed from an earlier failure, to see it again. */
const seed = process.env.FUZZ_SEED;

const factor = Number.isFinite(scale) && scale > 0 ? scale : 1;

/** Time for one test with the machine busy, in milliseconds. */
export const patience = Math.round(120_000 * Math.max(1, factor));

/**
 * Tries a property on so many cases, times FUZZ_SCALE.
 * @throws Error with the shrunk counterexample and the seed.
 */
export async function forAll<T>(
  count: number,
  property: fc.IProperty<T> | fc.IAsyncProperty<T>,
): Promise<void> {
  const numRuns = Math.max(1, Math.round(count * factor));
  const details = await fc.check(property, {
    numRuns,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
  expect(details.numRuns).toBe(numRuns);
}

/** What a call came to: a value, or a failure of the catalogue. Any other error fails the test. */
export function outcome<T>(call: () => T): { readonly value: T } | { readonly failure: Failure } {
  try {
    return { value: call() };
  } catch (error) {
    if (error instanceof Failure) return { failure: error };
    throw error;
  }
}

/** Whether a parser held its promise: a value, or `card-malformed` and nothing else. */
export function holds(call: () => unknown): boolean {
  const result = outcome(call);
  return 'value' in result || result.failure.code === 'card-malformed';
}

/** One change to a file. */
type Mutation = (bytes: Uint8Array) => Uint8Array;

const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const at = (bytes: Uint8Array, fraction: number): number => Math.floor(fraction * (bytes.length + 1));
const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

/** Bytes that mean something to a TLV parser: tags, lengths, bounds. */
const telling = fc.constantFrom(
  0x00,
  0x01,
  0x02,
  0x03,
  0x04,
  0x05,
  0x0a,
  0x0c,
  0x1f,
  0x30,
  0x3f,
  0x61,
  0x7f,
  0x80,
  0x81,
  0x82,
  0x83,
  0x84,
  0xa0,
  0xa1,
  0xa4,
  0xa8,
  0xbf,
  0xfe,
  0xff,
);

/** Small changes of the kind that a broken or hostile card would make. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fraction, fc.oneof(telling, fc.nat(255))).map(
    ([where, value]): Mutation =>
      (bytes) => {
        const changed = Uint8Array.from(bytes);
        if (changed.length > 0) changed[Math.floor(where * changed.length)] = value;
        return changed;
      },
  ),
  fc.tuple(fraction, fc.nat(7)).map(
    ([where, bit]): Mutation =>
      (bytes) => {
        const changed = Uint8Array.from(bytes);
        const index = Math.floor(where * changed.length);
        if (changed.length > 0) changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        return changed;
      },
  ),
  fraction.map(
    (where): Mutation =>
      (bytes) =>
        bytes.subarray(0, at(bytes, where)),
  ),
  fraction.map(
    (where): Mutation =>
      (bytes) =>
        bytes.subarray(at(bytes, where)),
  ),
  fc.tuple(fraction, fc.uint8Array({ maxLength: 8 })).map(
    ([where, more]): Mutation =>
      (bytes) =>
        join(bytes.subarray(0, at(bytes, where)), more, bytes.subarray(at(bytes, where))),
  ),
  fc.tuple(fraction, fraction).map(
    ([a, b]): Mutation =>
      (bytes) => {
        const [from, to] = [at(bytes, Math.min(a, b)), at(bytes, Math.max(a, b))];
        return join(bytes.subarray(0, to), bytes.subarray(from));
      },
  ),
  fc.tuple(fraction, fraction).map(
    ([a, b]): Mutation =>
      (bytes) =>
        join(bytes.subarray(0, at(bytes, Math.min(a, b))), bytes.subarray(at(bytes, Math.max(a, b)))),
  ),
);

/** Files made from valid ones by one to four changes. */
export function mutated(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...files), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([file, changes]) => changes.reduce((bytes, change) => change(bytes), file));
}

/** For properties: cheaper than `expect`, which is called millions of times here. */
export function must(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
