import { expect } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { CardChannel } from '../../../electron/engine/card/channel.ts';

export type GoneReason = Awaited<CardChannel['gone']>;

/** One exchange: the command expected and the answer given, both in hex (blanks allowed), or what goes wrong. */
export type ScriptStep = readonly [command: string, answer: string | Failure];

/** Bytes of a hex text; blanks are for the reader. */
export function bytes(hex: string): Uint8Array {
  const plain = hex.replaceAll(/\s/g, '');
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(plain)) throw new Error(`not hex: ${hex}`);
  return Uint8Array.from(Buffer.from(plain, 'hex'));
}

/** Upper-case hex. */
export function hexOf(value: Uint8Array): string {
  return Buffer.from(value).toString('hex').toUpperCase();
}

/**
 * A channel that follows a script to the letter: the first command that is not the next one of the script is a failure
 * (`internal`, naming both), and `expectFinished` fails when steps are left over.
 */
export class ScriptedChannel implements CardChannel {
  readonly readerName = 'Scripted reader';
  readonly simulated = true;
  readonly atr: Uint8Array;
  readonly gone: Promise<GoneReason>;
  /** All commands received, in upper-case hex, as they were when they came. */
  readonly received: string[] = [];
  /** The command buffers themselves, to look at what became of them. */
  readonly buffers: Uint8Array[] = [];
  readonly #script: ScriptStep[];
  #leave: (reason: GoneReason) => void = () => {};

  constructor(script: readonly ScriptStep[], atr = '3B00') {
    this.#script = [...script];
    this.atr = bytes(atr);
    this.gone = new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const came = hexOf(command);
    this.received.push(came);
    this.buffers.push(command);
    const step = this.#script.shift();
    const expected = step ? hexOf(bytes(step[0])) : 'the end';
    if (!step || came !== expected) {
      throw new Failure('internal', { detail: `the script expects ${expected}, ${came} came` });
    }
    const [, answer] = step;
    if (answer instanceof Failure) throw answer;
    return bytes(answer);
  }

  /** Lets `gone` resolve, as when the card is pulled. */
  leave(reason: GoneReason): void {
    this.#leave(reason);
  }

  /** Asserts that every step of the script was taken. */
  expectFinished(): void {
    expect(this.#script.map(([command]) => command)).toEqual([]);
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  control(): Promise<Uint8Array> {
    return Promise.reject(new Failure('internal', { detail: 'no control codes in the script' }));
  }

  attribute(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    this.leave('closed');
    return Promise.resolve();
  }
}

/** Expects a promise to reject with a Failure of this code, and returns it. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

/** Expects a call to throw a Failure, and returns it. */
export function failureFrom(call: () => unknown): Failure {
  try {
    call();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing failed');
}
