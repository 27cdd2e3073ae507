import { Failure } from '../../contract/failures/failure.ts';
import type { CardChannel } from '../card/channel.ts';
import type { InProcessCard, InProcessReader, ReaderUser } from './in-process-reader.ts';

/** As with a real reader (`holdNoticeMs` there). */
const holdNoticeMs = 500;

type ChannelEnd = Awaited<CardChannel['gone']>;

const endFailure = {
  removed: 'card-removed',
  'reader-removed': 'reader-removed',
  'service-stopped': 'service-stopped',
  closed: 'cancelled',
} as const;

/** A card in a simulated reader, with the manners of a PC/SC one. */
export class InProcessChannel implements CardChannel, ReaderUser {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly simulated = true;
  readonly exclusive: boolean;
  readonly gone: Promise<ChannelEnd>;
  #reader: InProcessReader;
  #card: InProcessCard;
  #onEnd: (channel: InProcessChannel) => void;
  #end: ChannelEnd | undefined;
  #resolveGone!: (end: ChannelEnd) => void;
  #resetByOther = false;
  /** Answers those who wait when the channel ends. */
  #pending = new Set<(failure: Failure) => void>();
  #transaction: 'none' | 'beginning' | 'inside' = 'none';

  /** @throws Failure `reader-busy`, `card-absent`, `card-mute`. */
  constructor(reader: InProcessReader, exclusive: boolean, onEnd: (channel: InProcessChannel) => void) {
    this.#reader = reader;
    this.#onEnd = onEnd;
    this.exclusive = exclusive;
    this.readerName = reader.name;
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve;
    });
    this.#card = reader.open(this);
    this.atr = Uint8Array.from(this.#card.atr);
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    if (command.length < 4 || command.length > 65_544) {
      throw new Failure('internal', { detail: `a command APDU of ${command.length} bytes` });
    }
    // As a real channel does: the caller may overwrite its bytes at once, and the copy is zeroed after use.
    const copy = Uint8Array.from(command);
    try {
      const response = await this.#withReader(() => this.#reader.exchange(this.#card, copy));
      if (response.length < 2 || response.length > 65_538) {
        throw new Failure('reader-fault', {
          parameters: { reader: this.readerName },
          detail: `a response of ${response.length} bytes`,
        });
      }
      return Uint8Array.from(response);
    } finally {
      copy.fill(0);
    }
  }

  async transaction<T>(work: () => Promise<T>, end: 'leave' | 'reset' = 'leave'): Promise<T> {
    if (this.#transaction !== 'none')
      throw new Failure('internal', { detail: 'a transaction inside another' });
    this.#transaction = 'beginning';
    try {
      await this.#orEnd(this.#lock());
      this.#transaction = 'inside';
      try {
        return await work();
      } finally {
        if (this.#end === undefined && end === 'reset') this.#reader.reset(this);
        this.#reader.unlock(this);
      }
    } finally {
      this.#transaction = 'none';
    }
  }

  async control(code: number, input: Uint8Array): Promise<Uint8Array> {
    return this.#withReader(async () => {
      await new Promise(setImmediate);
      const output = await this.#reader.options.control?.(code, Uint8Array.from(input));
      if (!output) {
        throw new Failure('reader-fault', {
          parameters: { reader: this.readerName },
          detail: 'the reader does not know this control code',
        });
      }
      return output;
    });
  }

  async attribute(id: number): Promise<Uint8Array | undefined> {
    return this.#withReader(async () => {
      await new Promise(setImmediate);
      const value = this.#reader.options.attributes?.get(id);
      return value && Uint8Array.from(value);
    });
  }

  async close(disposition: 'leave' | 'reset' = 'leave'): Promise<void> {
    this.endWith('closed', disposition === 'reset');
  }

  /** Ends the channel: every call under way is answered now. */
  endWith(end: ChannelEnd, reset = false): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const reject of this.#pending) reject(this.#failure(end));
    this.#pending.clear();
    this.#reader.leave(this, reset);
    this.#resolveGone(end);
    this.#onEnd(this);
  }

  cardRemoved(): void {
    this.endWith('removed');
  }

  cardReset(): void {
    this.#resetByOther = true;
  }

  /** Runs with the reader to ourselves: inside our transaction, or in one for this call alone. */
  async #withReader<T>(work: () => Promise<T>): Promise<T> {
    if (this.#transaction === 'inside') {
      this.#checkUsable();
      return this.#orEnd(work());
    }
    await this.#orEnd(this.#lock());
    try {
      return await this.#orEnd(work());
    } finally {
      this.#reader.unlock(this);
    }
  }

  async #lock(): Promise<void> {
    this.#checkUsable();
    await this.#reader.lock(this, holdNoticeMs);
    if (this.#end !== undefined) this.#reader.unlock(this);
    else if (this.#resetByOther) {
      this.#reader.unlock(this);
      this.#checkUsable();
    }
  }

  #checkUsable(): void {
    if (this.#end !== undefined) throw this.#failure(this.#end);
    if (this.#resetByOther) throw new Failure('card-changed', { parameters: { reader: this.readerName } });
  }

  /** The result of `work`, or the channel's end if that comes first. */
  #orEnd<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      const settle = (outcome: () => void): void => {
        this.#pending.delete(reject);
        outcome();
      };
      work.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }

  #failure(end: ChannelEnd): Failure {
    return new Failure(endFailure[end], { parameters: { reader: this.readerName } });
  }
}
