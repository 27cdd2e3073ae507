import fc from 'fast-check';
import type { FailureCode } from '../../electron/contract/failures/catalogue.ts';
import { Failure } from '../../electron/contract/failures/failure.ts';
import type { CardChannel } from '../../electron/engine/card/channel.ts';
import {
  aodf,
  cdf,
  certificate,
  efDir,
  efOdf,
  efTokenInfo,
  prkdf,
} from '../engine/card/pkcs15/example-files.ts';
import { bytes } from '../engine/card/scripted-channel.ts';
import { mutated } from './fuzzing.ts';

/** One answer of a hostile card: bytes, or a channel that fails. */
export type HostileAnswer = Uint8Array | Failure | Error;

const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** A channel whose answers come from a function of the command and its number. */
export class HostileChannel implements CardChannel {
  readonly readerName = 'Hostile reader';
  readonly simulated = true;
  readonly atr: Uint8Array;
  readonly gone: CardChannel['gone'] = new Promise(() => {});
  readonly buffers: Uint8Array[] = [];
  readonly headers: number[][] = [];
  readonly #answer: (command: Uint8Array, count: number) => HostileAnswer;

  constructor(answer: (command: Uint8Array, count: number) => HostileAnswer, atr: Uint8Array) {
    this.#answer = answer;
    this.atr = atr;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.buffers.push(command);
    this.headers.push([...command.subarray(0, 4)]);
    const answer = this.#answer(command, this.headers.length - 1);
    if (answer instanceof Error) throw answer;
    return answer;
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  control(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(0));
  }

  attribute(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const channelFailures: readonly FailureCode[] = [
  'card-removed',
  'card-mute',
  'card-timeout',
  'reader-fault',
  'card-changed',
];

const statusWord = fc.oneof(
  {
    arbitrary: fc
      .constantFrom('9000', '6282', '6283', '6A82', '6A86', '6982', '6700', '6B00', '6D00')
      .map(bytes),
    weight: 3,
  },
  fc.tuple(fc.constantFrom(0x61, 0x6c, 0x63, 0x62, 0x9f), fc.nat(255)).map((pair) => Uint8Array.from(pair)),
  fc.uint8Array({ minLength: 2, maxLength: 2 }),
);

const fileBytes = mutated([efDir, efOdf, efTokenInfo, aodf.file, prkdf.file, cdf.file, certificate]);

const data = fc.oneof(
  { arbitrary: fc.constant(new Uint8Array(0)), weight: 2 },
  { arbitrary: fileBytes, weight: 3 },
  fc.uint8Array({ maxLength: 40 }),
  fc.nat(0xffff).map((size) => bytes(`6F07 8002${size.toString(16).padStart(4, '0')} 820101`)),
  // As much as a card can send, and more than it may.
  fc.constantFrom(256, 257, 5_000, 65_536, 65_537).map((length) => new Uint8Array(length).fill(0x30)),
);

/** Any single answer. */
export const anyAnswer: fc.Arbitrary<HostileAnswer> = fc.oneof(
  { arbitrary: fc.tuple(data, statusWord).map(([body, sw]): HostileAnswer => join(body, sw)), weight: 12 },
  fc.uint8Array({ maxLength: 3 }),
  fc.constantFrom(...channelFailures).map((code): HostileAnswer => new Failure(code)),
  fc.constant<HostileAnswer>(new Error('a channel that does not keep its promise')),
);

/** ATRs that claim different things, and one that is none. */
export const anyAtr: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constantFrom('3B00', '3BDF96FF8131FE4580738421E0574D44415F415350810F87', '00').map(bytes),
  fc.uint8Array({ maxLength: 33 }),
);

/** SELECT gets one list of answers in turn, reading another: so that the card gets beyond the first step. */
const byCommand = fc
  .record({
    select: fc.array(anyAnswer, { minLength: 1, maxLength: 5 }),
    read: fc.array(anyAnswer, { minLength: 1, maxLength: 12 }),
  })
  .map(({ select, read }) => {
    let [selects, reads] = [0, 0];
    return (command: Uint8Array): HostileAnswer =>
      command[1] === 0xa4
        ? (select[selects++ % select.length] as HostileAnswer)
        : (read[reads++ % read.length] as HostileAnswer);
  });

/** The same answers again and again, whatever is asked. */
const loop = fc
  .array(anyAnswer, { minLength: 1, maxLength: 4 })
  .map((answers) => (_: Uint8Array, count: number) => answers[count % answers.length] as HostileAnswer);

/** A card that keeps files, though broken ones, answers SELECT by path and READ BINARY, and at times something else. */
const brokenFiles = fc
  .record({
    files: fc.record({
      '2F00': fileOf(efDir),
      '50155031': fileOf(efOdf),
      '50155032': fileOf(efTokenInfo),
      '50154401': fileOf(aodf.file),
      '50154402': fileOf(prkdf.file),
      '50154404': fileOf(cdf.file),
    }),
    lie: fc.option(fc.nat(0xffff), { nil: undefined }),
    surprises: fc.dictionary(fc.nat(20).map(String), anyAnswer, { maxKeys: 2 }),
    smallBlocks: fc.boolean(),
  })
  .map(({ files, lie, surprises, smallBlocks }) => {
    let current: Uint8Array | undefined;
    return (command: Uint8Array, count: number): HostileAnswer => {
      const surprise = surprises[String(count)];
      if (surprise) return surprise;
      if (command[1] === 0xa4) {
        const path = Buffer.from(command.subarray(5, 5 + (command[4] ?? 0)))
          .toString('hex')
          .toUpperCase();
        current =
          Object.entries(files).find(([name]) => name === path)?.[1] ??
          (path.includes('43') ? certificate : undefined);
        if (!current) return bytes('6A82');
        const size = lie ?? current.length;
        return bytes(`6F07 8002${Math.min(size, 0xffff).toString(16).padStart(4, '0')} 820101 9000`);
      }
      if (command[1] !== 0xb0 || !current) return bytes('6D00');
      const offset = ((command[2] ?? 0) << 8) | (command[3] ?? 0);
      if (offset > current.length) return bytes('6B00');
      const le = smallBlocks ? 7 : command[4] || 256;
      return join(current.subarray(offset, offset + le), bytes('9000'));
    };
  });

function fileOf(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  return fc.oneof({ arbitrary: fc.constant(valid), weight: 3 }, mutated([valid]), fileBytes);
}

/** Any hostile card. */
export const anyCard = fc.oneof({ arbitrary: brokenFiles, weight: 2 }, byCommand, loop);
