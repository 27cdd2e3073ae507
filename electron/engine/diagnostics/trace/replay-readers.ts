import type { Trace, TraceCard } from '../../../contract/diagnostics/trace.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import type { CardChannel } from '../../card/channel.ts';
import type { ReaderInfo, ReaderService, ReadersSnapshot } from '../../readers/reader-service.ts';
import { ReplayChannel } from './replay-channel.ts';
import { ReplaySession } from './replay-session.ts';

/** A trace as readers: one for each time a card was opened, in that order. They never change. */
export class ReplayReaders implements ReaderService {
  readonly snapshot: ReadersSnapshot;
  readonly #cards: ReadonlyMap<string, TraceCard>;
  readonly #channels = new Set<ReplayChannel>();

  constructor(trace: Trace) {
    this.#cards = new Map(trace.cards.map((card, at) => [`Buletin Trace ${at + 1}`, card]));
    this.snapshot = {
      service: 'running',
      readers: [...this.#cards].map(
        ([name, card]): ReaderInfo => ({
          name,
          simulated: true,
          state: stateOf(card),
          atr: card.atr === '' ? null : bytes(card.atr),
          generation: 1,
        }),
      ),
    };
  }

  async start(): Promise<void> {
    // Everything is known already.
  }

  onChange(): () => void {
    return () => undefined;
  }

  async connect(readerName: string): Promise<CardChannel> {
    const card = this.#cards.get(readerName);
    const parameters = { reader: readerName };
    if (!card) throw new Failure('reader-unknown-name', { parameters });
    if (card.failure !== undefined) throw new Failure(card.failure, { parameters });
    const channel = new ReplayChannel(readerName, bytes(card.atr), new ReplaySession(card));
    this.#channels.add(channel);
    void channel.gone.then(() => this.#channels.delete(channel));
    return channel;
  }

  async close(): Promise<void> {
    for (const channel of this.#channels) await channel.close();
  }
}

function stateOf({ failure, atr }: TraceCard): ReaderInfo['state'] {
  if (failure === 'reader-busy') return 'busy';
  if (failure === 'card-absent') return 'empty';
  return failure === 'card-mute' || atr === '' ? 'mute' : 'present';
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
