import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type RigBinary, rigBinary } from '../build-ifd.ts';
import type { PrivatePcscd } from '../pcscd.ts';

/** SCARD_STATE_* bits of `ReaderStateEvent.state`; the upper 16 bits count the card's comings and goings. */
export const readerState = {
  empty: 0x10,
  present: 0x20,
  exclusive: 0x80,
  inUse: 0x100,
  mute: 0x200,
  unpowered: 0x400,
} as const;

/** One report of `watch`. */
export interface ReaderStateEvent {
  /** dwEventState without SCARD_STATE_CHANGED. */
  readonly state: number;
  /** CLOCK_MONOTONIC in nanoseconds when the program saw it (compare `process.hrtime.bigint()`). */
  readonly at: number;
  readonly atr: string;
}

/** What PC/SC refused: `code` is the SCARD_* value, such as `0x80100069`. */
export class WinscardError extends Error {
  readonly code: string;
  constructor(code: string, functionName: string) {
    super(`${functionName}: ${code}`);
    this.code = code;
  }
}

/** Another program on the same pcscd: `winscard-client.c`, a process of its own, driven line by line. */
export class ForeignClient {
  #child: ChildProcessWithoutNullStreams;
  #ended: Promise<void>;
  #answers: ((answer: Record<string, unknown> | undefined) => void)[] = [];
  #events: ReaderStateEvent[] = [];
  #eventWaiters: ((event: ReaderStateEvent) => void)[] = [];
  #complaint = '';

  constructor(pcscd: PrivatePcscd) {
    this.#child = start(pcscd, 'winscardClient', []);
    this.#child.stderr.on('data', (text) => {
      this.#complaint += text;
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#receive(line));
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', () => {
        for (const answer of this.#answers.splice(0)) answer(undefined);
        resolve();
      });
    });
  }

  /** @returns protocol (1 T=0, 2 T=1) and ATR in hexadecimal. */
  async connect(
    reader: string,
    share: 'shared' | 'exclusive' = 'shared',
  ): Promise<{ protocol: number; atr: string }> {
    const answer = await this.#ask(`connect ${reader} ${share}`);
    return { protocol: Number(answer.protocol), atr: String(answer.atr) };
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    return this.#bytes(`transmit ${hex(command)}`, 'response');
  }

  /** Warm reset; the ATR in hexadecimal. */
  async reset(): Promise<string> {
    return String((await this.#ask('reset')).atr);
  }

  async control(code: number, input: Uint8Array = new Uint8Array(0)): Promise<Uint8Array> {
    return this.#bytes(`control ${code} ${input.length === 0 ? '-' : hex(input)}`, 'output');
  }

  async attribute(id: number): Promise<Uint8Array> {
    return this.#bytes(`attribute ${id}`, 'value');
  }

  async disconnect(): Promise<void> {
    await this.#ask('disconnect');
  }

  async readers(): Promise<string[]> {
    return (await this.#ask('readers')).readers as string[];
  }

  /** Starts to report this reader's states through `nextState`, the present one first. */
  async watch(reader: string): Promise<void> {
    await this.#ask(`watch ${reader}`);
  }

  /** The next reported state, in order, waiting for it if need be. */
  nextState(): Promise<ReaderStateEvent> {
    const event = this.#events.shift();
    if (event) return Promise.resolve(event);
    return new Promise((resolve) => {
      this.#eventWaiters.push(resolve);
    });
  }

  /** Reported states that nobody has taken yet. */
  get pendingStates(): number {
    return this.#events.length;
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #bytes(line: string, key: string): Promise<Uint8Array> {
    return new Uint8Array(Buffer.from(String((await this.#ask(line))[key]), 'hex'));
  }

  async #ask(line: string): Promise<Record<string, unknown>> {
    const answer = await new Promise<Record<string, unknown> | undefined>((resolve) => {
      if (this.#child.exitCode !== null) {
        resolve(undefined);
        return;
      }
      this.#answers.push(resolve);
      this.#child.stdin.write(`${line}\n`);
    });
    if (!answer) throw new Error(`the foreign client has ended: ${this.#complaint}`);
    if (typeof answer.error === 'string') throw new WinscardError(answer.error, String(answer.function));
    return answer;
  }

  #receive(line: string): void {
    const message = JSON.parse(line) as Record<string, unknown>;
    if ('state' in message) {
      const event = message as unknown as ReaderStateEvent;
      const waiter = this.#eventWaiters.shift();
      if (waiter) waiter(event);
      else this.#events.push(event);
      return;
    }
    this.#answers.shift()?.(message);
  }
}

/** A hold on a card by another program. */
export interface ForeignHold extends AsyncDisposable {
  /** Lets go, and resolves when the other program has ended. Idempotent. */
  release(): Promise<void>;
  /** Resolves when the hold has ended, by itself or by `release`. */
  readonly released: Promise<void>;
}

/**
 * Lets another program hold the card, in a transaction or exclusively, for at most `milliseconds`.
 * Resolves once it has it.
 */
export async function holdCard(
  pcscd: PrivatePcscd,
  reader: string,
  how: 'transaction' | 'exclusive',
  milliseconds: number,
): Promise<ForeignHold> {
  const child = start(pcscd, 'apduLoop', [how, reader, String(milliseconds)]);
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  const released = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const held = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(line === 'held'));
    child.once('close', () => resolve(false));
  });
  if (!(await held)) throw new Error(`the foreign program could not hold the card: ${complaint}`);
  const release = (): Promise<void> => {
    child.stdin.end();
    return released;
  };
  return { release, released, [Symbol.asyncDispose]: release };
}

/** Times of the bare winscard loop. */
export interface LoopTimes {
  readonly count: number;
  readonly responseLength: number;
  /** One entry per APDU, in nanoseconds. */
  readonly nanoseconds: readonly number[];
}

/** Sends one APDU `count` times from a C program and returns how long each took. */
export async function apduLoop(
  pcscd: PrivatePcscd,
  reader: string,
  count: number,
  command: Uint8Array,
): Promise<LoopTimes> {
  const child = start(pcscd, 'apduLoop', ['loop', reader, String(count), hex(command)]);
  let output = '';
  let complaint = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (child.exitCode !== 0) throw new Error(`apdu-loop: ${complaint}`);
  return JSON.parse(output) as LoopTimes;
}

function start(
  pcscd: PrivatePcscd,
  binary: RigBinary,
  programArguments: readonly string[],
): ChildProcessWithoutNullStreams {
  const child = spawn(rigBinary(binary), programArguments, {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...pcscd.environment },
  });
  // Writing to a program that has ended is told by its exit, not by an uncaught EPIPE.
  child.stdin.on('error', () => {});
  return child;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
