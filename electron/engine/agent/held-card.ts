/**
 * The one card the agent works with: which reader is chosen, the token read from it, and the wiping of both
 * when the card goes.
 */
import { asFailure, Failure, isFailure } from '../../contract/failures/failure.ts';
import { readerKnowledge } from '../readers/knowledge/reader-knowledge.ts';
import type { ReaderInfo, ReaderService, ReadersSnapshot } from '../readers/reader-service.ts';
import type { IdentityToken, TokenPin } from '../token/identity-token.ts';
import { openToken } from '../token/open-token.ts';
import type { TrustPinPad } from '../token/pin-pad/pin-pad.ts';

/** A card that has been read. It dies with its insertion: a card put back is read anew. */
export interface HeldCard {
  readonly reader: string;
  readonly generation: number;
  readonly token: IdentityToken;
  /** The PINs as last read. */
  readonly pins: readonly TokenPin[];
}

/** Reads the card in a reader and leaves nothing open when it fails. */
export type OpenCard = (reader: ReaderInfo) => Promise<IdentityToken>;

export interface HeldCardEvents {
  reading(reader: string): void;
  ready(held: HeldCard): void;
  failed(reader: string, failure: Failure): void;
  removed(reader: string): void;
}

/** After these the channel is of no more use; the card itself may well be. */
const goneCodes = [
  'card-removed',
  'card-absent',
  'card-changed',
  'reader-removed',
  'service-stopped',
] as const;
const maxAttempts = 3;

/** Keys that are known to be claimed only are not used: PINs are typed here. */
const trustPinPad: TrustPinPad = (name, usb) => readerKnowledge(name, usb)?.pinPad !== 'false';

/** Reads a card over a channel of its reader. */
function overChannel(readers: ReaderService): OpenCard {
  return async ({ name }) => {
    const channel = await readers.connect(name);
    try {
      return await openToken(channel, { trustPinPad });
    } catch (thrown) {
      await channel.close();
      throw thrown;
    }
  };
}

export class CardHolder {
  readonly #readers: ReaderService;
  readonly #events: HeldCardEvents;
  readonly #openCard: OpenCard;
  #preferred: string | undefined;
  #held: HeldCard | null = null;
  /** Why the card at hand cannot be used, with the insertion it is about, so that it is not read in a loop. */
  #problem: { reader: string; generation: number; failure: Failure } | null = null;
  #reading: { reader: string; generation: number; done: Promise<void> } | null = null;
  /** How often one insertion has been read in vain: a card that flickers is not read for ever. */
  #attempts = { reader: '', generation: -1, count: 0 };
  #lock: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(readers: ReaderService, events: HeldCardEvents, preferred?: string, openCard?: OpenCard) {
    this.#readers = readers;
    this.#events = events;
    this.#preferred = preferred;
    this.#openCard = openCard ?? overChannel(readers);
    readers.onChange((snapshot) => this.#follow(snapshot));
  }

  get held(): HeldCard | null {
    return this.#held;
  }

  get problem(): Failure | null {
    return this.#problem?.failure ?? null;
  }

  /** Starts listening and reads the card that is already there. */
  async start(): Promise<void> {
    await this.#listen();
    this.#follow(this.#readers.snapshot);
  }

  /**
   * The card to work with, read if need be.
   * @param reader an exact reader name, to choose another reader than before
   * @throws Failure saying what is missing: service, reader, card, or why the card cannot be used
   */
  async card(reader?: string): Promise<HeldCard> {
    await this.#listen();
    if (reader !== undefined && reader !== this.#preferred) {
      this.#preferred = reader;
      if (this.#held && this.#held.reader !== reader) await this.#letGo();
    }
    for (;;) {
      this.#follow(this.#readers.snapshot);
      if (this.#held) return this.#held;
      if (!this.#reading) break;
      await this.#reading.done;
    }
    throw this.#whyNot();
  }

  /**
   * Work with the card, one at a time: nothing of ours steps between the APDUs of another task. Never wait for a
   * person inside.
   * @throws Failure `card-changed` when the card is no longer the one that was read
   */
  use<T>(held: HeldCard, work: (token: IdentityToken) => Promise<T>): Promise<T> {
    const turn = this.#lock.then(async () => {
      this.#follow(this.#readers.snapshot);
      if (this.#held?.token !== held.token) {
        throw new Failure('card-changed', { parameters: { reader: held.reader } });
      }
      try {
        return await work(held.token);
      } catch (thrown) {
        // The channel is dead or the card forgot our selections: the next use reads it again.
        if (isFailure(thrown, ...goneCodes, 'card-mute', 'pin-outcome-unknown')) {
          await this.#letGo();
        }
        throw thrown;
      }
    });
    this.#lock = turn.catch(() => undefined);
    return turn;
  }

  /**
   * The card to work with, its PINs freshly read. Another program may reset the card just then: it is read again,
   * which costs nothing, since no PIN is under way.
   */
  async freshCard(reader?: string): Promise<{ held: HeldCard; pins: readonly TokenPin[] }> {
    for (let attempt = 1; ; attempt++) {
      const held = await this.card(reader);
      try {
        return { held, pins: await this.refreshPins(held) };
      } catch (thrown) {
        if (!isFailure(thrown, 'card-changed') || attempt === maxAttempts) throw thrown;
      }
    }
  }

  /** Lets the card go, when nothing uses it, and reads it as if it had just been put in. Does not fail. */
  async reread(): Promise<void> {
    const turn = this.#lock.then(async () => {
      await this.#reading?.done;
      await this.#letGo();
      this.#problem = null;
      await this.card().catch(() => undefined);
    });
    this.#lock = turn;
    await turn;
  }

  /** The PINs read again from the card; the new values are kept. */
  async refreshPins(held: HeldCard): Promise<readonly TokenPin[]> {
    const pins = await this.use(held, (token) => token.pins());
    if (this.#held?.token === held.token) this.#held = { ...this.#held, pins };
    return pins;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#letGo();
    await this.#readers.close();
  }

  /** Readers that cannot be listened to at all are no end of the agent: the snapshot says why, to whoever asks. */
  async #listen(): Promise<void> {
    try {
      await this.#readers.start();
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
    }
  }

  /** The reader to look at: the preferred one, or the first that holds a card. */
  #chosen(snapshot: ReadersSnapshot): ReaderInfo | undefined {
    if (this.#preferred !== undefined)
      return snapshot.readers.find((reader) => reader.name === this.#preferred);
    const usable = (reader: ReaderInfo) =>
      !(this.#problem?.reader === reader.name && this.#problem.generation === reader.generation);
    return (
      snapshot.readers.find((reader) => reader.state === 'present' && usable(reader)) ??
      snapshot.readers.find((reader) => reader.state === 'present') ??
      snapshot.readers.find((reader) => reader.state !== 'empty')
    );
  }

  #follow(snapshot: ReadersSnapshot): void {
    if (this.#closed) return;
    const held = this.#held;
    if (held) {
      const now = snapshot.readers.find((reader) => reader.name === held.reader);
      if (now?.state === 'present' && now.generation === held.generation) return;
      void this.#letGo();
    }
    const chosen = this.#chosen(snapshot);
    if (
      this.#problem &&
      !snapshot.readers.some(
        (r) =>
          r.name === this.#problem?.reader &&
          r.generation === this.#problem.generation &&
          r.state === 'present',
      )
    ) {
      this.#problem = null;
    }
    if (chosen?.state !== 'present' || this.#reading) return;
    if (this.#problem?.reader === chosen.name && this.#problem.generation === chosen.generation) return;
    this.#read(chosen);
  }

  #read(reader: ReaderInfo): void {
    const again = this.#attempts.reader === reader.name && this.#attempts.generation === reader.generation;
    this.#attempts = {
      reader: reader.name,
      generation: reader.generation,
      count: again ? this.#attempts.count + 1 : 1,
    };
    this.#events.reading(reader.name);
    const done = this.#open(reader)
      .then(
        (held) => {
          this.#held = held;
          this.#problem = null;
          this.#events.ready(held);
        },
        (thrown) => {
          const failure = asFailure(thrown);
          // A card that was pulled is no problem of the card's; another program's hold may be over the next time.
          const passing = isFailure(failure, ...goneCodes) && this.#attempts.count < maxAttempts;
          this.#problem = passing ? null : { reader: reader.name, generation: reader.generation, failure };
          this.#events.failed(reader.name, failure);
        },
      )
      .finally(() => {
        this.#reading = null;
        // The card may have come or gone, or another reader may hold a better one, while this one was read.
        queueMicrotask(() => this.#follow(this.#readers.snapshot));
      });
    this.#reading = { reader: reader.name, generation: reader.generation, done };
  }

  async #open(reader: ReaderInfo): Promise<HeldCard> {
    const token = await this.#openCard(reader);
    try {
      const pins = await token.pins();
      return { reader: reader.name, generation: reader.generation, token, pins };
    } catch (thrown) {
      await token.close();
      throw thrown;
    }
  }

  async #letGo(): Promise<void> {
    const held = this.#held;
    if (!held) return;
    this.#held = null;
    this.#events.removed(held.reader);
    await held.token.close();
  }

  #whyNot(): Failure {
    const { service, readers, failure } = this.#readers.snapshot;
    if (service !== 'running' && failure) return failure;
    if (service === 'absent') return new Failure('service-absent');
    if (service === 'stopped') return new Failure('service-stopped');
    if (service === 'refused') return new Failure('service-refused');
    if (this.#preferred !== undefined && !readers.some((reader) => reader.name === this.#preferred)) {
      return new Failure('reader-unknown-name', { parameters: { reader: this.#preferred } });
    }
    if (readers.length === 0) return new Failure('reader-none');
    const problem = this.#problem;
    if (problem) {
      // A hold by another program is asked about anew each time; a card that is not ours stays not ours.
      if (isFailure(problem.failure, 'reader-busy', 'reader-held', 'card-timeout')) this.#problem = null;
      return problem.failure;
    }
    const chosen = this.#chosen(this.#readers.snapshot);
    if (chosen?.state === 'mute') return new Failure('card-mute', { parameters: { reader: chosen.name } });
    if (chosen?.state === 'busy') return new Failure('reader-busy', { parameters: { reader: chosen.name } });
    return new Failure('card-absent');
  }
}
