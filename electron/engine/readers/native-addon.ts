import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Failure } from '../../contract/failures/failure.ts';

/** One reader at one look of the watch (`native/pcsc/src/watch.rs`). */
export interface NativeReaderLook {
  readonly name: string;
  /** SCARD_STATE_* flags, without the counter. */
  readonly flags: number;
  /** Insertions and removals since the service started, modulo 65,536. */
  readonly count: number;
  readonly atr: Uint8Array;
}

/** Code 0 and all readers, or another code and null when the watch has ended. */
export type OnLook = (code: number, readers: readonly NativeReaderLook[] | null) => void;

export interface NativeReaderWatch {
  /** Does not wait. Nothing is reported afterwards. */
  stop(): void;
}

/** Each posted job is reported once: its id, a SCARD code (0 is success), bytes if any, the event count (id 0 only). */
export type OnDone = (id: number, code: number, bytes: Uint8Array | null, count: number) => void;

/**
 * An open (or opening) card with a thread of its own. The methods post a job and return at once: false when
 * the thread has ended. Ids grow from 1; id 0 reports the connecting, id 4,294,967,295 the end of the thread.
 */
export interface NativeCardThread {
  begin(id: number): boolean;
  end(id: number, reset: boolean): boolean;
  /** Copies the command; the copy is zeroed after use. */
  transmit(id: number, command: Uint8Array): boolean;
  control(id: number, code: number, input: Uint8Array): boolean;
  attribute(id: number, attribute: number): boolean;
  close(id: number, reset: boolean): boolean;
  /** Gives a job up (0: connecting) that has not got the reader yet; false when it is too late. */
  abandon(id: number): boolean;
  /** Whether the service has answered this card's thread. */
  serviceAnswered(): boolean;
  /** The process may exit although the thread has not ended. */
  releaseEventLoop(): void;
}

/** The Rust addon `native/pcsc`. */
export interface NativeAddon {
  controlCode(functionNumber: number): number;
  watchReaders(onLook: OnLook): NativeReaderWatch;
  /** One look at one reader, without waiting for a change. */
  lookAtReader(reader: string, onLook: OnLook): void;
  openCard(reader: string, exclusive: boolean, onDone: OnDone): NativeCardThread;
}

/** Result codes of the addon that are not SCARD codes (`native/pcsc/src/code.rs`). */
export const nativeCode = { success: 0, panic: 1, abandoned: 2, ended: 3 } as const;

/** Where `npm run build:native` puts the addon for this system. */
export function nativeAddonPath(platform = process.platform, arch = process.arch): string {
  const root = join(import.meta.dirname, '..', '..', '..');
  return join(root, 'native', 'pcsc', `buletin-pcsc.${platform}-${arch}.node`);
}

/**
 * Loads the addon.
 * @throws Failure `native-missing` when it was not built for this system or cannot be loaded;
 *   `service-absent` when the system has no PC/SC library at all (the addon is bound to it).
 */
export function loadNativeAddon(path = nativeAddonPath()): NativeAddon {
  try {
    return createRequire(import.meta.url)(path) as NativeAddon;
  } catch (error) {
    throw loadingFailure(error, path);
  }
}

/** What it means that the addon could not be loaded. */
export function loadingFailure(error: unknown, path: string): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const name = path.split(/[\\/]/).at(-1) ?? path;
  // The loader names what it could not open: "libpcsclite.so.1: cannot open shared object file".
  if (/(libpcsclite[^:]*|winscard\.dll): cannot open/i.test(message)) {
    return new Failure('service-absent', { detail: `no PC/SC library: ${message}`, cause: error });
  }
  return new Failure('native-missing', { parameters: { file: name }, detail: message, cause: error });
}
