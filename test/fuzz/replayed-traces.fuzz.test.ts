/** Recorded cards that answer a little otherwise than they did: the readers of tokens describe or refuse them. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Trace,
  type TraceCard,
  type TraceStep,
  traceSchema,
} from '../../electron/contract/diagnostics/trace.ts';
import { Failure } from '../../electron/contract/failures/failure.ts';
import type { CardChannel } from '../../electron/engine/card/channel.ts';
import { ObservedReaders } from '../../electron/engine/diagnostics/observing/observed-readers.ts';
import { ReplayReaders } from '../../electron/engine/diagnostics/trace/replay-readers.ts';
import { TraceRecorder } from '../../electron/engine/diagnostics/trace/trace-recorder.ts';
import { openToken } from '../../electron/engine/token/open-token.ts';
import { forAll, must, mutated, patience } from './fuzzing.ts';

const traces = ['eid', '2025', 'esteid2018'].map((name) =>
  traceSchema.parse(
    JSON.parse(
      readFileSync(new URL(`../engine/diagnostics/traces/${name}.trace.json`, import.meta.url), 'utf8'),
    ),
  ),
);

/** Commands that read, and VERIFY without data: nothing that could cost a try. */
const harmless = [0xa4, 0xb0, 0xb2, 0xc0, 0xcb, 0x20];

/**
 * A card that answers as in a trace, but for one answer that comes out mutated; asked something else than was recorded
 * it says what it would have said to the last command of that kind.
 */
class LooseChannel implements CardChannel {
  readonly readerName = 'Fuzz';
  readonly simulated = true;
  readonly atr: Uint8Array;
  readonly gone: CardChannel['gone'] = new Promise(() => {});
  readonly headers: Uint8Array[] = [];
  readonly #answers = new Map<string, Uint8Array>();
  readonly #change: ReadonlyMap<number, Uint8Array>;

  constructor(card: TraceCard, change: ReadonlyMap<number, Uint8Array>) {
    this.atr = Uint8Array.from(Buffer.from(card.atr, 'hex'));
    this.#change = change;
    for (const step of exchangesOf(card)) this.#answers.set(keyOf(step), answerOf(step));
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const index = this.headers.length;
    must(index < 2_500, 'too many commands');
    this.headers.push(command.slice(0, 4));
    must(command[1] !== 0x20 || command.length <= 5, 'a PIN for a card that is only read');
    const header = Buffer.from(command.subarray(0, 4)).toString('hex').toUpperCase();
    const data =
      command.length > 5 ? Buffer.from(command.subarray(5, 5 + (command[4] ?? 0))).toString('hex') : '';
    const known = this.#answers.get(`${header} ${data.toUpperCase()}`) ?? Uint8Array.of(0x6a, 0x82);
    const change = this.#change.get(index);
    return change ? Uint8Array.from([...change, ...known.subarray(-2)]) : known;
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async control(): Promise<Uint8Array> {
    throw new Failure('reader-fault');
  }

  async attribute(): Promise<Uint8Array | undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

type Exchange = Extract<TraceStep, { kind: 'exchange' }>;

function exchangesOf(card: TraceCard): Exchange[] {
  return card.groups
    .flatMap(({ steps }) => steps)
    .filter((step): step is Exchange => step.kind === 'exchange');
}

function keyOf({ command }: Exchange): string {
  return `${command.header} ${command.data?.kind === 'open' ? command.data.hex : ''}`;
}

function answerOf({ response }: Exchange): Uint8Array {
  const data = response.data?.kind === 'open' ? response.data.hex : '';
  return Uint8Array.from(Buffer.from(data + response.status, 'hex'));
}

const cards = traces.flatMap((trace: Trace) => trace.cards);
const anyChangedCard = fc.constantFrom(...cards).chain((card) => {
  const answers = exchangesOf(card).map((step) => answerOf(step).subarray(0, -2));
  return fc
    .uniqueArray(fc.tuple(fc.nat(answers.length - 1), mutated(answers.filter(({ length }) => length > 0))), {
      minLength: 1,
      maxLength: 3,
      selector: ([index]) => index,
    })
    .map((changes) => ({ card, changes: new Map(changes) }));
});

describe('mutated traces', { timeout: patience }, () => {
  it('become a token or a failure, by reading alone; and can be recorded and replayed again', async () => {
    let tokens = 0;
    let refusals = 0;
    await forAll(
      600,
      fc.asyncProperty(anyChangedCard, async ({ card, changes }) => {
        const channel = new LooseChannel(card, changes);
        const recorder = new TraceRecorder();
        const readers = new ObservedReaders(readersWith(channel));
        readers.observe(recorder);
        const first = await outcomeOf(await readers.connect('Fuzz'));
        must(
          channel.headers.every(([, ins]) => harmless.includes(ins ?? 0)),
          'a command that does not read',
        );
        if (first === 'token') tokens++;
        else refusals++;
        // What is recorded of a broken card is a valid trace, which asks nothing new when it is replayed.
        const trace = traceSchema.parse(JSON.parse(JSON.stringify(recorder.finish('0.0.0-fuzz'))));
        const again = new ReplayReaders(trace);
        const second = await outcomeOf(await again.connect('Buletin Trace 1'));
        must(second === 'token' || second.length > 0, 'no outcome');
      }),
    );
    expect(tokens).toBeGreaterThan(100);
    expect(refusals).toBeGreaterThan(20);
  });
});

async function outcomeOf(channel: CardChannel): Promise<string> {
  try {
    const token = await openToken(channel);
    await token.pins();
    return 'token';
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

function readersWith(channel: CardChannel): ConstructorParameters<typeof ObservedReaders>[0] {
  return {
    snapshot: { service: 'running', readers: [] },
    start: async () => undefined,
    onChange: () => () => undefined,
    connect: async () => channel,
    close: async () => undefined,
  };
}
