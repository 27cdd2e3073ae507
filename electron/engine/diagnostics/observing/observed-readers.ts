import { asFailure } from '../../../contract/failures/failure.ts';
import type { CardChannel } from '../../card/channel.ts';
import type { ConnectOptions, ReaderService, ReadersSnapshot } from '../../readers/reader-service.ts';
import type { ChannelObserver, ObservedCard } from './channel-observer.ts';
import { ObservedChannel, type Tell } from './observed-channel.ts';

/** A reader service at which one can look on. While nobody does, it costs a check for each command. */
export class ObservedReaders implements ReaderService {
  readonly #readers: ReaderService;
  readonly #observers = new Set<ChannelObserver>();

  constructor(readers: ReaderService) {
    this.#readers = readers;
  }

  /** From now on this observer is told. Returns the function that ends it. */
  observe(observer: ChannelObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  get snapshot(): ReadersSnapshot {
    return this.#readers.snapshot;
  }

  start(): Promise<void> {
    return this.#readers.start();
  }

  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void {
    return this.#readers.onChange(listener);
  }

  async connect(readerName: string, options?: ConnectOptions): Promise<CardChannel> {
    const start = performance.now();
    try {
      const channel = await this.#readers.connect(readerName, options);
      const card: ObservedCard = { reader: readerName, atr: channel.atr };
      this.#tell((observer) => observer.opened?.(card));
      return new ObservedChannel(channel, card, () => this.#observers.size > 0, this.#tell);
    } catch (thrown) {
      const card: ObservedCard = { reader: readerName, atr: new Uint8Array(0) };
      const { code } = asFailure(thrown);
      this.#tell((observer) => observer.openFailed?.(card, code, performance.now() - start));
      throw thrown;
    }
  }

  close(): Promise<void> {
    return this.#readers.close();
  }

  readonly #tell: Tell = (message) => {
    for (const observer of [...this.#observers]) {
      try {
        message(observer);
      } catch {
        // One that fails has seen enough: cards go on working.
        this.#observers.delete(observer);
      }
    }
  };
}
