import { asFailure } from '../../../contract/failures/failure.ts';
import type { CardChannel } from '../../card/channel.ts';
import type { ChannelObserver, ObservedAnswer, ObservedCard } from './channel-observer.ts';
import { observeCommand } from './observed-command.ts';

/** Tells all observers; what one of them does wrong is no matter of the card's. */
export type Tell = (message: (observer: ChannelObserver) => void) => void;

/** A channel with people looking on. It does what the channel behind it does, no more and no less. */
export class ObservedChannel implements CardChannel {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly simulated: boolean;
  readonly gone: CardChannel['gone'];
  readonly #channel: CardChannel;
  readonly #card: ObservedCard;
  readonly #watched: () => boolean;
  readonly #tell: Tell;

  /** @param watched whether anybody looks on just now: without that nothing is taken apart */
  constructor(channel: CardChannel, card: ObservedCard, watched: () => boolean, tell: Tell) {
    this.#channel = channel;
    this.#card = card;
    this.#watched = watched;
    this.#tell = tell;
    this.readerName = channel.readerName;
    this.atr = channel.atr;
    this.simulated = channel.simulated;
    this.gone = channel.gone;
    void channel.gone.then((end) => tell((observer) => observer.ended?.(card, end)));
  }

  transmit(command: Uint8Array): Promise<Uint8Array> {
    if (!this.#watched()) return this.#channel.transmit(command);
    // Before the caller overwrites its bytes.
    const observed = observeCommand(command);
    return this.#measured(
      () => this.#channel.transmit(command),
      (answer, ms) => this.#tell((observer) => observer.exchanged?.(this.#card, observed, answer, ms)),
    );
  }

  async transaction<T>(work: () => Promise<T>, end: 'leave' | 'reset' = 'leave'): Promise<T> {
    const asked = performance.now();
    let began = false;
    try {
      return await this.#channel.transaction(async () => {
        began = true;
        this.#tell((observer) => observer.transactionBegan?.(this.#card, performance.now() - asked));
        try {
          return await work();
        } finally {
          this.#tell((observer) => observer.transactionEnded?.(this.#card, end));
        }
      }, end);
    } catch (thrown) {
      if (!began) {
        const { code } = asFailure(thrown);
        const ms = performance.now() - asked;
        this.#tell((observer) => observer.transactionFailed?.(this.#card, code, ms));
      }
      throw thrown;
    }
  }

  control(code: number, input: Uint8Array): Promise<Uint8Array> {
    if (!this.#watched()) return this.#channel.control(code, input);
    return this.#measured(
      () => this.#channel.control(code, input),
      (answer, ms) => this.#tell((observer) => observer.controlled?.(this.#card, code, answer, ms)),
    );
  }

  attribute(id: number): Promise<Uint8Array | undefined> {
    return this.#channel.attribute(id);
  }

  close(disposition?: 'leave' | 'reset'): Promise<void> {
    return this.#channel.close(disposition);
  }

  async #measured(
    work: () => Promise<Uint8Array>,
    done: (answer: ObservedAnswer, ms: number) => void,
  ): Promise<Uint8Array> {
    const start = performance.now();
    try {
      const bytes = await work();
      done({ bytes }, performance.now() - start);
      return bytes;
    } catch (thrown) {
      done({ failure: asFailure(thrown).code }, performance.now() - start);
      throw thrown;
    }
  }
}
