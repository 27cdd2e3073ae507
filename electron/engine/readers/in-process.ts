import { Failure } from '../../contract/failures/failure.ts';
import type { CardChannel } from '../card/channel.ts';
import { InProcessChannel } from './in-process-channel.ts';
import type { InProcessReader, ReaderUser } from './in-process-reader.ts';
import type {
  ConnectOptions,
  ReaderInfo,
  ReaderService,
  ReadersSnapshot,
  ServiceState,
} from './reader-service.ts';
import { sameReaders } from './reader-tracker.ts';

export { type InProcessCard, InProcessReader, type InProcessReaderOptions } from './in-process-reader.ts';

/** As with a real service. */
const holdNoticeMs = 500;

const stateFailure = {
  absent: 'service-absent',
  stopped: 'service-stopped',
  refused: 'service-refused',
} as const;

/**
 * Simulated readers with simulated cards in this process: everything a real PC/SC service does, in the same
 * order and never in the same turn of the event loop, without native code. `simulated` is always true.
 */
export class InProcessReaderService implements ReaderService {
  #readers: { readonly reader: InProcessReader; readonly stopListening: () => void }[] = [];
  #state: Exclude<ServiceState, 'running'> | 'running' = 'running';
  /** What the generations count on: a service that was away may have missed swaps. */
  #restarts = 0;
  #snapshot: ReadersSnapshot = { service: 'running', readers: [] };
  #listeners = new Set<(snapshot: ReadersSnapshot) => void>();
  #channels = new Set<InProcessChannel>();
  #looking: NodeJS.Immediate | undefined;
  #started: Promise<void> | undefined;
  #closed = false;

  constructor(readers: readonly InProcessReader[] = []) {
    for (const reader of readers) this.#add(reader);
  }

  get snapshot(): ReadersSnapshot {
    return this.#snapshot;
  }

  /** Plugs a reader in while the service runs. */
  plug(reader: InProcessReader): void {
    this.#add(reader);
    this.#lookSoon();
  }

  /** Unplugs a reader; open channels end with `reader-removed`. */
  unplug(name: string): void {
    const index = this.#readers.findIndex(({ reader }) => reader.name === name);
    if (index < 0) return;
    for (const { stopListening } of this.#readers.splice(index, 1)) stopListening();
    this.#endChannels('reader-removed', (channel) => channel.readerName === name);
    this.#lookSoon();
  }

  /** Makes the service be in this state, as if it had been stopped, refused or started. */
  setServiceState(state: ServiceState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'running') this.#restarts++;
    else this.#endChannels('service-stopped', () => true);
    this.#lookSoon();
  }

  start(): Promise<void> {
    this.#started ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#look();
        resolve();
      });
    });
    return this.#started;
  }

  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void {
    const own = (snapshot: ReadersSnapshot): void => listener(snapshot);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  async connect(readerName: string, options: ConnectOptions = {}): Promise<CardChannel> {
    await this.start();
    await new Promise(setImmediate);
    const reader = this.#usable(readerName);
    const exclusive = options.share === 'exclusive';
    const asking: ReaderUser = { exclusive, cardRemoved: () => undefined, cardReset: () => undefined };
    // As with a real service, connecting waits for the transaction of another program, but not when the
    // answer is known without the card.
    if (reader.answering && !reader.exclusiveUser) {
      await reader.lock(asking, options.timeoutMs ?? holdNoticeMs, options.signal);
    }
    try {
      if (options.signal?.aborted) throw new Failure('cancelled');
      this.#usable(readerName);
      const channel = new InProcessChannel(reader, exclusive, (ended) => this.#channels.delete(ended));
      this.#channels.add(channel);
      return channel;
    } finally {
      reader.unlock(asking);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#endChannels('closed', () => true);
    for (const { stopListening } of this.#readers.splice(0)) stopListening();
    clearImmediate(this.#looking);
    this.#listeners.clear();
  }

  #add(reader: InProcessReader): void {
    if (this.#readers.some((known) => known.reader.name === reader.name)) {
      throw new RangeError(`two readers are called ${reader.name}`);
    }
    this.#readers.push({ reader, stopListening: reader.onChange(() => this.#lookSoon()) });
  }

  #usable(name: string): InProcessReader {
    if (this.#closed) throw new Failure('cancelled', { detail: 'the reader service was closed' });
    if (this.#state !== 'running') throw new Failure(stateFailure[this.#state]);
    const found = this.#readers.find(({ reader }) => reader.name === name);
    if (!found) throw new Failure('reader-unknown-name', { parameters: { reader: name } });
    return found.reader;
  }

  #endChannels(
    end: Parameters<InProcessChannel['endWith']>[0],
    which: (channel: InProcessChannel) => boolean,
  ): void {
    for (const channel of [...this.#channels]) if (which(channel)) channel.endWith(end);
  }

  /** Events arrive a turn later, and several changes in one turn as one, as from a real service. */
  #lookSoon(): void {
    if (this.#looking || this.#closed || !this.#started) return;
    this.#looking = setImmediate(() => {
      this.#looking = undefined;
      this.#look();
    });
  }

  #look(): void {
    if (this.#closed) return;
    const service = this.#state;
    const readers = service === 'running' ? this.#readers.map(({ reader }) => this.#info(reader)) : [];
    const before = this.#snapshot;
    if (before.service === service && sameReaders(before.readers, readers)) return;
    this.#snapshot = {
      service,
      readers,
      ...(service === 'running' ? {} : { failure: new Failure(stateFailure[service]) }),
    };
    for (const listener of [...this.#listeners]) listener(this.#snapshot);
  }

  #info(reader: InProcessReader): ReaderInfo {
    const { exclusiveUser, answering, card } = reader;
    const heldByOther = exclusiveUser !== undefined && !this.#channels.has(exclusiveUser as InProcessChannel);
    return {
      name: reader.name,
      simulated: true,
      state: !card ? 'empty' : !answering ? 'mute' : heldByOther ? 'busy' : 'present',
      atr: answering ? Uint8Array.from(answering.atr) : null,
      generation: reader.generation + this.#restarts,
    };
  }
}
