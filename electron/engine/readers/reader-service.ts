import type { Failure } from '../../contract/failures/failure.ts';
import type { CardChannel } from '../card/channel.ts';

/** State of the PC/SC service as `status` reports it. */
export type ServiceState = 'running' | 'absent' | 'stopped' | 'refused';

/**
 * One reader and what it holds. `mute`: a card that does not answer (no ATR).
 * `busy`: another program holds the card exclusively.
 */
export interface ReaderInfo {
  readonly name: string;
  readonly simulated: boolean;
  readonly state: 'empty' | 'mute' | 'busy' | 'present';
  readonly atr: Uint8Array | null;
  /** Grows by at least one with each insertion or removal in this reader, so that a quick swap is not missed. */
  readonly generation: number;
}

/** Everything known at one moment. `readers` is in the order the service lists them. */
export interface ReadersSnapshot {
  readonly service: ServiceState;
  readonly readers: readonly ReaderInfo[];
  /** Why the service is not running; `service-mismatch` and `service-refused` are both `refused`. */
  readonly failure?: Failure;
}

/** How a card is opened. */
export interface ConnectOptions {
  readonly share?: 'shared' | 'exclusive';
  /** Gives up waiting (for another program's transaction) after this many milliseconds; default 500. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Readers and cards as events. One implementation talks to the system's PC/SC, one holds simulated cards in
 * this process. Listening never blocks the event loop, and never polls where the platform has events.
 */
export interface ReaderService {
  /** The newest snapshot; valid after `start` has resolved. */
  readonly snapshot: ReadersSnapshot;
  /** Resolves when the first snapshot is there (also when the service is absent). Idempotent. */
  start(): Promise<void>;
  /** Called after every change with the new snapshot; returns the function that stops it. */
  onChange(listener: (snapshot: ReadersSnapshot) => void): () => void;
  /**
   * Opens the card in a reader.
   * @throws Failure `card-absent`, `card-mute`, `reader-busy`, `reader-held`, `reader-unknown-name`,
   *   `service-absent`, `service-stopped`, `service-refused`, `cancelled`.
   */
  connect(readerName: string, options?: ConnectOptions): Promise<CardChannel>;
  /** Stops listening, closes all channels, resolves within 100 ms even while a call is under way. Idempotent. */
  close(): Promise<void>;
}
