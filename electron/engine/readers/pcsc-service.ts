import { accessSync, constants } from 'node:fs';
import { asFailure, Failure, isFailure } from '../../contract/failures/failure.ts';
import type { CardChannel } from '../card/channel.ts';
import { CardOpenings } from './card-openings.ts';
import { scard, scardFailure } from './error-map.ts';
import {
  loadNativeAddon,
  type NativeAddon,
  type NativeReaderLook,
  type NativeReaderWatch,
} from './native-addon.ts';
import { atMost } from './patience.ts';
import { PcscChannel } from './pcsc-channel.ts';
import type { ConnectOptions, ReaderService, ReadersSnapshot, ServiceState } from './reader-service.ts';
import { ReaderTracker, sameReaders } from './reader-tracker.ts';
import { ServiceReturn, serviceSocketPath } from './service-return.ts';

/** `close` waits no longer than this for cards to be let go. */
const closePatienceMs = 50;
/** A watch that lived so long was healthy: its service is tried again at once and in silence. */
const healthyMs = 1_000;

/** A service that is being reached answers in milliseconds, one that has to be started first in less than this. */
const answerPatienceMs = 2_000;

/** What the service is made of; the defaults are the real things. */
export interface PcscReaderServiceParts {
  readonly load?: () => NativeAddon;
  /** The daemon's socket, where the system has one. */
  readonly socketPath?: string | undefined;
}

/**
 * Readers and cards of the system's PC/SC service. It may be absent, stop, come back and be restarted: the
 * snapshot says so, and whoever holds a channel is told.
 */
export class PcscReaderService implements ReaderService {
  #load: () => NativeAddon;
  #socketPath: string | undefined;
  #addon: NativeAddon | undefined;
  #watch: NativeReaderWatch | undefined;
  #watchSince = 0;
  #answerTimer: NodeJS.Timeout | undefined;
  #return: ServiceReturn;
  #tracker = new ReaderTracker();
  #openings: CardOpenings | undefined;
  #snapshot: ReadersSnapshot = { service: 'absent', readers: [] };
  #failure: Failure | undefined;
  #listeners = new Set<(snapshot: ReadersSnapshot) => void>();
  #channels = new Set<PcscChannel>();
  /** The service has been seen running by this process. */
  #wasRunning = false;
  /** Resolves when the state of the service is known (again). */
  #settled = Promise.withResolvers<void>();
  #started: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(parts: PcscReaderServiceParts = {}) {
    this.#load = parts.load ?? loadNativeAddon;
    this.#socketPath = 'socketPath' in parts ? parts.socketPath : serviceSocketPath();
    this.#return = new ServiceReturn(this.#socketPath, () => this.#establish());
  }

  get snapshot(): ReadersSnapshot {
    return this.#snapshot;
  }

  /** @throws Failure `native-missing` when the native part was not built or does not fit this system. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void {
    // A wrapper each time: the same function may listen twice.
    const own = (snapshot: ReadersSnapshot): void => listener(snapshot);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  async connect(readerName: string, options: ConnectOptions = {}): Promise<CardChannel> {
    await this.start();
    await this.#settled.promise;
    if (this.#closed) throw new Failure('cancelled', { detail: 'the reader service was closed' });
    if (this.#failure || !this.#openings) throw this.#failure ?? new Failure('service-absent');
    const exclusive = options.share === 'exclusive';
    const { jobs, opened } = await this.#openings.open(readerName, { ...options, exclusive });
    const channel = new PcscChannel(
      jobs,
      {
        readerName,
        atr: opened.atr,
        simulated: this.#isSimulated(readerName),
        exclusive,
        generation: this.#tracker.generationAt(readerName, opened.count),
      },
      (ended) => this.#channelEnded(ended),
    );
    this.#channels.add(channel);
    // What happened between connecting and now.
    if (this.#closed) channel.endWith('closed');
    else if (this.#failure) channel.endWith('service-stopped');
    else this.#endLostChannels();
    if (exclusive) this.#publish();
    return channel;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #start(): Promise<void> {
    this.#establish();
    await this.#settled.promise;
    if (isFailure(this.#failure, 'native-missing')) throw this.#failure;
  }

  async #close(): Promise<void> {
    this.#return.stop();
    clearTimeout(this.#answerTimer);
    this.#watch?.stop();
    this.#watch = undefined;
    this.#settled.resolve();
    this.#openings?.close();
    const letGo = [...this.#channels].map((channel) => channel.close());
    await atMost(Promise.all(letGo), closePatienceMs);
    this.#listeners.clear();
  }

  /** Tries to reach the service; what comes of it is told by `#look` or `#ended`. */
  #establish(): void {
    if (this.#closed || this.#watch) return;
    try {
      this.#addon ??= this.#load();
      this.#openings ??= new CardOpenings(this.#addon);
      this.#watchSince = performance.now();
      const watch = this.#addon.watchReaders((code, readers) => {
        if (this.#watch !== watch) return;
        if (readers) this.#look(readers);
        else this.#ended(code);
      });
      this.#watch = watch;
      this.#answerTimer = setTimeout(() => this.#silent(), answerPatienceMs);
    } catch (thrown) {
      this.#unreachable(asFailure(thrown));
    }
  }

  #look(readers: readonly NativeReaderLook[]): void {
    this.#return.stop();
    clearTimeout(this.#answerTimer);
    this.#wasRunning = true;
    this.#failure = undefined;
    this.#tracker.look(readers);
    this.#endLostChannels();
    this.#publish();
    this.#settled.resolve();
  }

  #ended(code: number): void {
    this.#watch = undefined;
    clearTimeout(this.#answerTimer);
    this.#tracker.serviceRestarted();
    for (const channel of [...this.#channels]) channel.endWith('service-stopped');
    const healthy = this.#failure === undefined && this.#wasRunning;
    if (healthy && performance.now() - this.#watchSince > healthyMs) {
      // A socket-activated service leaves when it is idle and comes back with the next call: nobody is alarmed
      // before that was tried. Callers of `connect` wait for the outcome.
      this.#settled = Promise.withResolvers();
      this.#failure = scardFailure(code, 'establish');
      this.#establish();
      return;
    }
    this.#unreachable(this.#serviceFailure(code));
  }

  /** The service took the connection and says nothing. The watch goes on: its first look ends this. */
  #silent(): void {
    this.#failure = new Failure('service-stopped', { detail: 'the service does not answer' });
    this.#publish();
    this.#settled.resolve();
  }

  /** Says that the service is not to be had, and waits for it. */
  #unreachable(failure: Failure): void {
    this.#failure = failure;
    this.#publish();
    this.#settled.resolve();
    // Without the native part there is nothing to wait for.
    if (!isFailure(failure, 'native-missing', 'internal')) this.#return.tryAgain();
  }

  /** What an error at Establish, or the end of a watch, means on this machine now. */
  #serviceFailure(code: number): Failure {
    const failure = scardFailure(code, 'establish');
    if (code !== scard.E_NO_SERVICE) return failure;
    const refused = new Failure('service-refused', { detail: 'the socket of the service may not be used' });
    // A socket that nobody listens on: left behind by a service that crashed or was stopped.
    const stopped = new Failure('service-stopped', { ...(failure.detail ? { detail: failure.detail } : {}) });
    try {
      if (this.#socketPath !== undefined) {
        accessSync(this.#socketPath, constants.R_OK | constants.W_OK);
        return stopped;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') return refused;
    }
    return this.#wasRunning ? stopped : failure;
  }

  #publish(): void {
    const service = this.#failure ? serviceState(this.#failure) : 'running';
    const oursAlone = (reader: string): boolean =>
      [...this.#channels].some((channel) => channel.exclusive && channel.readerName === reader);
    const readers = service === 'running' ? this.#tracker.readers(oursAlone) : [];
    const before = this.#snapshot;
    const sameFailure = before.failure?.code === this.#failure?.code;
    if (before.service === service && sameFailure && sameReaders(before.readers, readers)) return;
    this.#snapshot = { service, readers, ...(this.#failure ? { failure: this.#failure } : {}) };
    for (const listener of [...this.#listeners]) listener(this.#snapshot);
  }

  #endLostChannels(): void {
    for (const channel of [...this.#channels]) {
      if (!this.#tracker.has(channel.readerName)) channel.endWith('reader-removed');
      else if (this.#tracker.generation(channel.readerName) > channel.generation) channel.endWith('removed');
    }
  }

  #channelEnded(channel: PcscChannel): void {
    this.#channels.delete(channel);
  }

  #isSimulated(reader: string): boolean {
    return this.#snapshot.readers.some(({ name, simulated }) => name === reader && simulated);
  }
}

function serviceState(failure: Failure): ServiceState {
  switch (failure.code) {
    case 'service-refused':
    case 'service-mismatch':
      return 'refused';
    case 'service-stopped':
      return 'stopped';
    default:
      return 'absent';
  }
}
