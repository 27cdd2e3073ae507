import { join } from 'node:path';
import type { SimulatedCard, SimulatedSlot } from '../../electron/sandbox/cards/simulated-card.ts';
import { type Answer, DriverLink } from './ifd/driver-link.ts';
import { operation, status } from './ifd/frames.ts';
import { defaultAttributes } from './reader-attributes.ts';
import { makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';

/** What a test wants to happen to one APDU instead of the plain answer. */
export interface Intervention {
  /** Waits this long before the card sees the command. Pulling the card ends the wait. */
  readonly delayMs?: number;
  /**
   * Pulls the card: `before` it sees the command, `during` (it has executed the command, the answer is lost),
   * or `after` the answer has gone out.
   */
  readonly pull?: 'before' | 'during' | 'after';
  /** Sent instead of the card's answer; the card has executed the command all the same. */
  readonly response?: Uint8Array;
}

/**
 * Called for each command APDU before the card sees it. `index` counts from 0 since the reader was opened or
 * `resetApduCount` was called; `command` may hold a PIN: do not log it.
 */
export type ApduHook = (
  index: number,
  command: Uint8Array,
) => Intervention | undefined | Promise<Intervention | undefined>;

/** Features of a reader that sit behind SCardControl (PC/SC part 10), such as a PIN pad. */
export interface ReaderFeatures {
  /**
   * @param transmit sends a command APDU to the card in the reader, as if a program had.
   * @returns the output, or undefined when the reader does not know the code.
   */
  control(
    code: number,
    input: Uint8Array,
    transmit: (command: Uint8Array) => Promise<Uint8Array>,
  ): Promise<Uint8Array | undefined>;
}

export interface VirtualReaderOptions {
  /** Where the driver finds the reader; by default a fresh folder. Given again after a crash of the test side. */
  readonly socketPath?: string;
  readonly serialNumber?: string;
  readonly features?: ReaderFeatures;
  /**
   * What the driver says for an APDU that was under way when the card went: readers differ. pcscd makes
   * SCARD_E_NOT_TRANSACTED of the first (the default), SCARD_E_NO_SMARTCARD of the second.
   */
  readonly pulledAnswer?: 'communication-error' | 'no-card';
}

/** Thrown inside the reader when the card went during an exchange. */
class CardPulled extends Error {}

/**
 * A reader of the private pcscd, with a simulated card in it or none. The calls of pcscd arrive through the
 * driver in `ifd/ifd-handler.c`.
 *
 * It lives in this process' event loop: a test must not block it while it waits for a program that uses the
 * card (no `execFileSync`).
 */
export class VirtualReader implements SimulatedSlot {
  readonly name: string;
  /** Answers to SCardGetAttrib, by SCARD_ATTR_* id; a test may change them at any time. */
  readonly attributes: Map<number, Uint8Array>;
  /** See `ApduHook`. */
  onApdu: ApduHook | undefined;
  /** Called when the card got power or was reset. */
  onPower: (() => void) | undefined;

  #options: VirtualReaderOptions;
  #folder: string | undefined;
  #link!: DriverLink;
  #lun: number | undefined;
  #card: SimulatedCard | null = null;
  #mute = false;
  #powered = false;
  /** A card left and pcscd's event thread has not been told yet: another one in its place must not hide that. */
  #removalUnseen = false;
  /** The event thread has been told now, and has yet to act on it. */
  #removalShown = false;
  #exchanges = new Set<() => void>();
  /** Grows when the card loses power: an exchange of an earlier session must not reach the card any more. */
  #session = 0;
  #apduCount = 0;
  #presenceCount = 0;

  private constructor(name: string, options: VirtualReaderOptions) {
    this.name = name;
    this.#options = options;
    this.attributes = defaultAttributes(options.serialNumber ?? '00000001');
  }

  /** Opens an empty reader. `name` is its FRIENDLYNAME: ASCII without quotes, at most 121 characters. */
  static async open(
    name = 'Buletin Virtual Reader',
    options: VirtualReaderOptions = {},
  ): Promise<VirtualReader> {
    if (!/^[\x20-\x7e]{1,121}$/.test(name) || name.includes('"'))
      throw new RangeError(`reader name: ${name}`);
    const reader = new VirtualReader(name, options);
    let socketPath = options.socketPath;
    if (!socketPath) {
      reader.#folder = makeScratchFolder();
      socketPath = join(reader.#folder, 'reader');
    }
    reader.#link = await DriverLink.listen(socketPath, {
      connected: (lun, again) => reader.#greet(lun, again),
      request: (kind, body, answer) => reader.#request(kind, body, answer),
      actedOn: () => reader.#actedOn(),
    });
    return reader;
  }

  get socketPath(): string {
    return this.#link.socketPath;
  }

  get card(): SimulatedCard | null {
    return this.#card;
  }

  /** Command APDUs that pcscd has sent to a card here (also those that a hook answered), PIN pad included. */
  get apduCount(): number {
    return this.#apduCount;
  }

  /** How often pcscd has asked whether a card is there: few times, since it is told of changes. */
  get presenceCount(): number {
    return this.#presenceCount;
  }

  resetApduCount(): void {
    this.#apduCount = 0;
  }

  /** The reader's name as PC/SC programs see it: pcscd adds reader and slot number. Known once connected. */
  get pcscName(): string {
    if (this.#lun === undefined) throw new Error('no pcscd has opened this reader yet');
    const twoDigits = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');
    return `${this.name} ${twoDigits(this.#lun >>> 16)} ${twoDigits(this.#lun & 0xffff)}`;
  }

  /** Whether a pcscd has this reader. */
  get attached(): boolean {
    return this.#link.attached;
  }

  /** Whether a pcscd has this reader, and knows of all insertions and removals so far. */
  get settled(): boolean {
    return this.#link.settled;
  }

  /**
   * Resolves when `settled` holds. After `insert` or `remove`, this is how long a test waits before it lets a
   * program look for the card: about a millisecond.
   */
  whenSettled(): Promise<void> {
    return this.#link.whenSettled();
  }

  /** Puts a card in; one that is there already is pulled first. */
  insert(card: SimulatedCard): void {
    if (card.atr.length < 2 || card.atr.length > 33) throw new RangeError('an ATR has 2 to 33 bytes');
    this.#place(card, false);
  }

  /** Puts in a card that does not answer when it gets power (upside down, broken, not a smart card). */
  insertMute(card: SimulatedCard): void {
    this.#place(card, true);
  }

  /** Pulls the card, also in the middle of an APDU. Nothing happens when the reader is empty. */
  remove(): void {
    if (!this.#card) return;
    this.#card = null;
    this.#powered = false;
    this.#removalUnseen = true;
    this.#session++;
    for (const pulled of this.#exchanges) pulled();
    this.#exchanges.clear();
    this.#link.notify();
  }

  /** Goes away as a crashed program does: pcscd sees an empty reader. Idempotent. */
  async close(): Promise<void> {
    this.remove();
    await this.#link.close();
    if (this.#folder) removeScratchFolder(this.#folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #place(card: SimulatedCard, mute: boolean): void {
    this.remove();
    this.#card = card;
    this.#mute = mute;
    this.#link.notify();
  }

  #greet(lun: number, again: boolean): void {
    this.#lun = lun;
    this.#powered = false;
    this.#removalUnseen = again;
  }

  #request(kind: number, body: Uint8Array, answer: Answer): void {
    switch (kind) {
      case operation.presence:
        answer(this.#presence(body[0] === 1));
        return;
      case operation.power:
        this.#power(body[0] ?? 0, answer);
        return;
      case operation.transmit:
        this.#answerWith(answer, () => this.#exchange(body.subarray(1)));
        return;
      case operation.control:
        this.#answerWith(answer, () => this.#control(body));
        return;
      case operation.attribute: {
        const id = new DataView(body.buffer, body.byteOffset, body.length).getUint32(0);
        const value = this.attributes.get(id);
        answer(value ? status.done : status.notSupported, value);
        return;
      }
      default:
        throw new RangeError(`unknown operation ${kind}`);
    }
  }

  #presence(byEventThread: boolean) {
    this.#presenceCount++;
    if (this.#removalUnseen) {
      if (byEventThread) this.#removalShown = true;
      return status.noCard;
    }
    return this.#card ? status.done : status.noCard;
  }

  /** The event thread may look more than once before it acts: only now has it seen the removal for certain. */
  #actedOn(): void {
    if (!this.#removalShown) return;
    this.#removalShown = false;
    this.#removalUnseen = false;
    // The next card is announced by itself, after the removal was seen.
    if (this.#card) this.#link.notify();
  }

  #power(action: number, answer: Answer): void {
    const card = this.#removalUnseen ? null : this.#card;
    this.#powered = false;
    this.#session++;
    if (!card) {
      answer(status.noCard);
    } else if (action === 2) {
      answer(status.done);
    } else if (this.#mute) {
      answer(status.mute);
    } else {
      card.reset();
      this.#powered = true;
      this.onPower?.();
      answer(status.done, card.atr);
    }
  }

  /** Runs an exchange and answers with its result; a card that is pulled meanwhile ends it at once. */
  #answerWith(answer: Answer, work: () => Uint8Array | undefined | Promise<Uint8Array | undefined>): void {
    const pulled = (): void =>
      answer(this.#options.pulledAnswer === 'no-card' ? status.noCard : status.communicationError);
    const done = (result: Uint8Array | undefined): void =>
      answer(result ? status.done : status.notSupported, result);
    const failed = (error: unknown): void => {
      if (error instanceof CardPulled) {
        pulled();
        return;
      }
      answer(status.communicationError);
      // A simulated card or a hook that throws is a mistake in the test: it must not pass for a card fault.
      queueMicrotask(() => {
        throw error;
      });
    };
    this.#exchanges.add(pulled);
    const settle = (): void => {
      this.#exchanges.delete(pulled);
    };
    try {
      const result = work();
      if (result instanceof Promise) {
        result.then(done, failed).finally(settle);
        return;
      }
      done(result);
    } catch (error) {
      failed(error);
    }
    settle();
  }

  /** One command APDU to the card. Stays synchronous for a synchronous card without a hook: that is the fast path. */
  #exchange(command: Uint8Array): Uint8Array | Promise<Uint8Array> {
    const card = this.#card;
    if (!card || !this.#powered) throw new CardPulled();
    const index = this.#apduCount++;
    if (this.onApdu) return this.#exchangeWithHook(card, this.onApdu, index, command);
    const response = card.transmit(command);
    return response instanceof Promise ? response.then(checkedResponse) : checkedResponse(response);
  }

  async #exchangeWithHook(
    card: SimulatedCard,
    hook: ApduHook,
    index: number,
    command: Uint8Array,
  ): Promise<Uint8Array> {
    const session = this.#session;
    const plan = (await hook(index, command)) ?? {};
    if (plan.delayMs) await new Promise((resolve) => setTimeout(resolve, plan.delayMs));
    if (plan.pull === 'before' && this.#session === session) this.remove();
    if (this.#session !== session) throw new CardPulled();
    const answered = checkedResponse(await card.transmit(command));
    if (plan.pull === 'during' && this.#session === session) this.remove();
    if (plan.pull === 'after') setImmediate(() => this.#session === session && this.remove());
    return plan.response ?? answered;
  }

  #control(body: Uint8Array): Promise<Uint8Array | undefined> | undefined {
    const code = new DataView(body.buffer, body.byteOffset, body.length).getUint32(0);
    return this.#options.features?.control(code, body.subarray(4), async (command) =>
      this.#exchange(command),
    );
  }
}

function checkedResponse(response: Uint8Array): Uint8Array {
  if (response.length < 2 || response.length > 65_538) {
    throw new RangeError(`a simulated card answered ${response.length} bytes`);
  }
  return response;
}
