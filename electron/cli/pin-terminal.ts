import type { ReadStream } from 'node:tty';
import { Failure } from '../contract/failures/failure.ts';
import type { PinPrompt } from '../contract/model/status.ts';
import { pinMaxLength } from '../contract/pin/envelope.ts';
import type { Text } from '../contract/text/text.ts';
import { printable } from './output.ts';
import type { PinSource } from './pin-entry.ts';

const keys = {
  enter: 0x0d,
  lineFeed: 0x0a,
  backspace: 0x7f,
  controlH: 0x08,
  controlC: 0x03,
  controlD: 0x04,
  escape: 0x1b,
};

/**
 * PINs typed at the terminal, unseen: raw mode, no echo, not even stars (their number would be seen). A new PIN
 * is asked twice; the last try is announced and must be agreed to.
 */
export class TerminalPinSource implements PinSource {
  readonly #input: ReadStream;
  readonly #output: NodeJS.WritableStream;
  readonly #text: Text;

  constructor(input: ReadStream, output: NodeJS.WritableStream, text: Text) {
    this.#input = input;
    this.#output = output;
    this.#text = text;
  }

  async read(prompt: PinPrompt): Promise<{ digits: Uint8Array; acknowledgeLastTry: boolean } | null> {
    const { t } = this.#text;
    if (prompt.entry === 'current' && !(await this.#introduce(prompt))) return null;
    const { min, max } = prompt.length;
    const newLabel = min === max ? 'prompt.new.exact' : 'prompt.new.range';
    const label = prompt.entry === 'new' ? newLabel : 'prompt.current';
    const digits = await this.#secret(t(label, { pin: prompt.pin, min, max }));
    if (!digits || prompt.entry !== 'new') return digits && { digits, acknowledgeLastTry: prompt.lastTry };
    const again = await this.#secret(t('prompt.again', { pin: prompt.pin }));
    const same = again !== null && Buffer.compare(digits, again) === 0;
    again?.fill(0);
    if (same) return { digits, acknowledgeLastTry: prompt.lastTry };
    digits.fill(0);
    if (again === null) return null;
    throw new Failure('pin-mismatch', { parameters: { pin: prompt.pin } });
  }

  agree(prompt: PinPrompt): Promise<boolean> {
    return this.#introduce(prompt);
  }

  tell({ pin }: PinPrompt): void {
    this.#say(this.#text.t('prompt.at-reader', { pin }));
  }

  /** Says what the PIN is for and what is at stake. False: the person does not want the last try. */
  async #introduce(prompt: PinPrompt): Promise<boolean> {
    const { t } = this.#text;
    this.#say(
      t(`prompt.${prompt.purpose}`, {
        pin: prompt.pin,
        host: prompt.requester ?? '',
        count: prompt.documents?.length ?? 0,
      }),
    );
    for (const name of prompt.documents ?? []) this.#say(`  ${printable(name)}`);
    if (prompt.simulated) this.#say(t('prompt.simulated'));
    if (prompt.legalAct) this.#say(t('prompt.legal-act'));
    if (typeof prompt.tries === 'number') this.#say(t('prompt.tries', { count: prompt.tries }));
    return !prompt.lastTry || this.#agree(t('prompt.last-try', { pin: prompt.pin }));
  }

  close(): void {
    this.#input.setRawMode(false);
    this.#input.pause();
  }

  #say(line: string): void {
    this.#output.write(`${line}\n`);
  }

  /** A yes that must be typed out. */
  async #agree(question: string): Promise<boolean> {
    this.#output.write(`${question} `);
    const answer = await this.#keys(16, true);
    this.#output.write('\n');
    const yes = this.#text.t('prompt.yes');
    const typed = answer ? Buffer.from(answer).toString('utf8').trim().toLowerCase() : '';
    return typed === yes.toLowerCase();
  }

  async #secret(label: string): Promise<Uint8Array | null> {
    this.#output.write(`${label} `);
    const digits = await this.#keys(pinMaxLength, false);
    this.#output.write('\n');
    return digits;
  }

  /** Key by key until Enter; null on Ctrl-C, Ctrl-D or Escape. */
  #keys(max: number, echo: boolean): Promise<Uint8Array | null> {
    const typed = new Uint8Array(max);
    let length = 0;
    this.#input.setRawMode(true);
    this.#input.resume();
    return new Promise((resolve) => {
      const finish = (result: Uint8Array | null) => {
        this.#input.off('data', onData);
        this.#input.setRawMode(false);
        this.#input.pause();
        typed.fill(0);
        resolve(result);
      };
      const onData = (chunk: Buffer) => {
        try {
          for (const byte of chunk) {
            if (byte === keys.enter || byte === keys.lineFeed) return finish(typed.slice(0, length));
            if (byte === keys.controlC || byte === keys.controlD || byte === keys.escape) return finish(null);
            if (byte === keys.backspace || byte === keys.controlH) {
              if (length > 0) typed[--length] = 0;
            } else if (length < max) {
              typed[length++] = byte;
              if (echo) this.#output.write(Buffer.of(byte));
            }
          }
        } finally {
          chunk.fill(0);
        }
      };
      this.#input.on('data', onData);
    });
  }
}
