import type { Readable } from 'node:stream';
import { Failure } from '../contract/failures/failure.ts';
import type { PinPrompt } from '../contract/model/status.ts';
import type { PinSource } from './pin-entry.ts';

/** A line longer than this is no PIN. */
const maxLine = 256;
const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * PINs from standard input: one line for each PIN asked, in the order they are asked (old, then new). Only as
 * much is read as is asked for; whatever is left in our buffers at the end is zeroed.
 */
export class StdinPinSource implements PinSource {
  readonly #input: Readable;
  readonly #lastTry: boolean;
  #pending: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(input: Readable, lastTry: boolean) {
    this.#input = input;
    this.#lastTry = lastTry;
    input.on('data', (chunk: Buffer) => {
      const joined = Buffer.concat([this.#pending, chunk]);
      this.#pending.fill(0);
      chunk.fill(0);
      this.#pending = joined;
      if (joined.length > maxLine) input.pause();
      this.#wake?.();
    });
    const end = () => {
      this.#ended = true;
      this.#wake?.();
    };
    input.once('end', end);
    input.once('error', end);
    input.pause();
  }

  async read(prompt: PinPrompt): Promise<{ digits: Uint8Array; acknowledgeLastTry: boolean } | null> {
    if (prompt.lastTry && !this.#lastTry) {
      throw new Failure('pin-last-try', { parameters: { pin: prompt.pin } });
    }
    const digits = await this.#line();
    return digits && { digits, acknowledgeLastTry: this.#lastTry };
  }

  /** Whoever calls with --pin-stdin has said yes; the last try wants its own word. */
  async agree(prompt: PinPrompt): Promise<boolean> {
    if (prompt.lastTry && !this.#lastTry) {
      throw new Failure('pin-last-try', { parameters: { pin: prompt.pin } });
    }
    return true;
  }

  close(): void {
    this.#pending.fill(0);
    this.#input.destroy();
  }

  async #line(): Promise<Uint8Array | null> {
    for (;;) {
      const end = this.#pending.indexOf(newline);
      if (end >= 0) return this.#take(end, end + 1);
      if (this.#pending.length > maxLine) return this.#take(this.#pending.length, this.#pending.length);
      if (this.#ended)
        return this.#pending.length > 0 ? this.#take(this.#pending.length, this.#pending.length) : null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#input.resume();
      });
      this.#input.pause();
    }
  }

  /** Moves the first bytes out, up to `length` (without a carriage return), and forgets them up to `next`. */
  #take(length: number, next: number): Uint8Array {
    const withoutReturn = length > 0 && this.#pending[length - 1] === carriageReturn ? length - 1 : length;
    const line = Uint8Array.from(this.#pending.subarray(0, withoutReturn));
    const rest = Buffer.from(this.#pending.subarray(next));
    this.#pending.fill(0);
    this.#pending = rest;
    return line;
  }
}
