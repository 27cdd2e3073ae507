import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../contract/failures/failure.ts';

/** The card in a simulated reader; `SimulatedCard` of the sandbox is one. */
export interface InProcessCard {
  readonly atr: Uint8Array;
  reset(): void;
  transmit(command: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** What a simulated reader can do beside carrying APDUs. */
export interface InProcessReaderOptions {
  /** Answers to SCardGetAttrib by id. */
  readonly attributes?: ReadonlyMap<number, Uint8Array>;
  /** Answers a control code, or undefined when the reader does not know it. */
  readonly control?: (code: number, input: Uint8Array) => Uint8Array | Promise<Uint8Array> | undefined;
  /** How long each APDU takes on its way, in milliseconds; default 0. */
  readonly delayMs?: number;
}

/** A user of the reader: one open channel. */
export interface ReaderUser {
  readonly exclusive: boolean;
  /** The card this user opened has left. */
  cardRemoved(): void;
  /** Another user reset the card. */
  cardReset(): void;
}

/** Waiting for a transaction of somebody else to end. */
interface Waiting {
  readonly user: ReaderUser;
  readonly grant: () => void;
}

/**
 * A simulated reader in this process. Cards come and go at any moment, also in the middle of an APDU.
 * Several `InProcessReaderService`s may share one, as several programs share a reader.
 */
export class InProcessReader {
  readonly name: string;
  readonly options: InProcessReaderOptions;
  #card: InProcessCard | null = null;
  #generation = 0;
  #users = new Set<ReaderUser>();
  /** Who is inside a transaction. */
  #holder: ReaderUser | undefined;
  #waiting: Waiting[] = [];
  #listeners = new Set<() => void>();
  /** The exchange under way: a card answers one command at a time. */
  #exchange: Promise<unknown> = Promise.resolve();

  constructor(name: string, options: InProcessReaderOptions = {}) {
    this.name = name;
    this.options = options;
  }

  get card(): InProcessCard | null {
    return this.#card;
  }

  /** Insertions and removals so far. */
  get generation(): number {
    return this.#generation;
  }

  /** The card that gives an answer to reset, or null when there is none or it is mute. */
  get answering(): InProcessCard | null {
    return this.#card && this.#card.atr.length >= 2 ? this.#card : null;
  }

  get exclusiveUser(): ReaderUser | undefined {
    return [...this.#users].find((user) => user.exclusive);
  }

  /** Puts a card in and gives it power; one that is there already is pulled first. An empty ATR makes it mute. */
  insert(card: InProcessCard): void {
    this.remove();
    this.#card = card;
    this.#generation++;
    if (card.atr.length >= 2) card.reset();
    this.#changed();
  }

  /** Pulls the card. What is under way fails; nothing happens when the reader is empty. */
  remove(): void {
    if (!this.#card) return;
    this.#card = null;
    this.#generation++;
    this.#holder = undefined;
    // What went to the old card concerns the next one no more.
    this.#exchange = Promise.resolve();
    const users = [...this.#users];
    this.#users.clear();
    for (const user of users) user.cardRemoved();
    this.#grantNext();
    this.#changed();
  }

  /** Called after every insertion, removal and change of sharing, synchronously. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws Failure `reader-busy`, `card-absent`, `card-mute`. */
  open(user: ReaderUser): InProcessCard {
    const parameters = { reader: this.name };
    if (!this.#card) throw new Failure('card-absent', { parameters });
    if (!this.answering) throw new Failure('card-mute', { parameters });
    if (this.exclusiveUser || (user.exclusive && this.#users.size > 0)) {
      throw new Failure('reader-busy', { parameters });
    }
    this.#users.add(user);
    this.#changed();
    return this.#card;
  }

  leave(user: ReaderUser, reset: boolean): void {
    if (!this.#users.has(user)) return;
    if (reset) this.reset(user);
    this.unlock(user);
    this.#users.delete(user);
    this.#changed();
  }

  /** Warm reset by one user; the others are told. */
  reset(by: ReaderUser): void {
    this.#card?.reset();
    for (const user of this.#users) if (user !== by) user.cardReset();
  }

  /**
   * Waits until no other user is inside a transaction, and begins one.
   * @throws Failure `reader-held` after `patienceMs`, `cancelled`.
   */
  lock(user: ReaderUser, patienceMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(new Failure('cancelled'));
    if (!this.#holder) {
      this.#holder = user;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancelled);
        this.#waiting = this.#waiting.filter((waiting) => waiting.grant !== grant);
        outcome();
      };
      const grant = (): void => settle(resolve);
      const held = new Failure('reader-held', { parameters: { reader: this.name } });
      const timer = setTimeout(() => settle(() => reject(held)), patienceMs);
      const cancelled = (): void => settle(() => reject(new Failure('cancelled')));
      signal?.addEventListener('abort', cancelled, { once: true });
      this.#waiting.push({ user, grant });
    });
  }

  unlock(user: ReaderUser): void {
    if (this.#holder !== user) return;
    this.#holder = undefined;
    this.#grantNext();
  }

  /** Passes one command to the card after the ones before it. Of a card that is pulled meanwhile the answer is lost. */
  exchange(card: InProcessCard, command: Uint8Array): Promise<Uint8Array> {
    const before = this.#exchange;
    const answered = (async () => {
      await before;
      // A real reader never answers in the same turn of the event loop.
      await (this.options.delayMs ? sleep(this.options.delayMs) : new Promise(setImmediate));
      if (this.#card !== card) throw new Failure('card-removed', { parameters: { reader: this.name } });
      return card.transmit(command);
    })();
    this.#exchange = answered.catch(() => undefined);
    return answered;
  }

  #grantNext(): void {
    const next = this.#waiting[0];
    if (this.#holder || !next) return;
    this.#holder = next.user;
    next.grant();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
