import { Failure, isFailure } from '../../contract/failures/failure.ts';
import type { CardChannel } from '../card/channel.ts';

/** After these the card behind a channel may be another one, or has forgotten what it was told. */
const fatal = [
  'card-removed',
  'card-absent',
  'card-changed',
  'card-mute',
  'reader-removed',
  'service-stopped',
  'pin-outcome-unknown',
] as const;

/**
 * One card, from its insertion to its removal.
 *
 * A channel never survives a removal, so as long as it is open and has not failed, the card is the one that was
 * read. Once it is gone or has failed so that this is not certain any more, everything is refused here, before a
 * command: a new channel has to be opened and the card read again. No PIN can reach a card that was put in
 * between reading and typing.
 *
 * Acts come one after another, each in a transaction of its own.
 */
export class CardSession {
  readonly #channel: CardChannel;
  #turn: Promise<unknown> = Promise.resolve();
  #ended: Failure | undefined;

  constructor(channel: CardChannel) {
    this.#channel = channel;
    void channel.gone.then((reason) => {
      this.#ended ??= gone(reason);
    });
  }

  /**
   * Runs `work` in a transaction, when the acts before it are over.
   * @param end `reset`: the card is reset as the transaction ends.
   * @throws Failure saying why the card can no longer be used, those of the channel and of `work`.
   */
  run<T>(work: () => Promise<T>, end: 'leave' | 'reset' = 'leave'): Promise<T> {
    const turn = this.#turn.then(async () => {
      this.#refuseWhenEnded();
      try {
        return await this.#channel.transaction(() => {
          // Waiting for the transaction may have taken a while.
          this.#refuseWhenEnded();
          return work();
        }, end);
      } catch (error) {
        if (isFailure(error, ...fatal)) this.#ended ??= endedBy(error);
        throw error;
      }
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    this.#ended ??= gone('closed');
    await this.#channel.close('leave');
  }

  /** Closes the channel with a reset, because the card would not forget a PIN: it has to be read again. */
  async abandon(): Promise<void> {
    this.#ended ??= new Failure('card-changed', {
      detail: 'reset, because it did not forget a verified PIN',
    });
    await this.#channel.close('reset');
  }

  #refuseWhenEnded(): void {
    if (this.#ended) throw this.#ended;
  }
}

function gone(reason: Awaited<CardChannel['gone']>): Failure {
  switch (reason) {
    case 'removed':
      return new Failure('card-removed');
    case 'closed':
      return new Failure('cancelled', { detail: 'the token was closed' });
    default:
      return new Failure(reason);
  }
}

/** What later acts are told: that a PIN's outcome is not known concerns only the act it was entered for. */
function endedBy(failure: Failure): Failure {
  if (failure.code !== 'pin-outcome-unknown') return failure;
  return isFailure(failure.cause, ...fatal) ? failure.cause : new Failure('card-changed', { cause: failure });
}
