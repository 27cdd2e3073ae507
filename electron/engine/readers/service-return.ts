import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Waits after an event or a failed try: the socket's file is there a moment before the service listens. */
const firstWaitMs = 10;
/**
 * Longest wait without any event. On Linux the socket's folder tells when the service comes, so this only
 * covers folders that cannot be watched; elsewhere there is no event at all and it is the only way.
 */
const slowWaitMs = { event: 5_000, noEvent: 500 } as const;

/** Where pcsc-lite's clients find the daemon (`PCSCLITE_CSOCK_NAME`, else as Debian, Fedora and others build it). */
export function serviceSocketPath(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (platform === 'win32' || platform === 'darwin') return undefined;
  return environment.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';
}

/**
 * Notices that the PC/SC service may be back, and lets it be tried: at once when something happens to its
 * socket, then at growing distances, and slowly when nothing happens.
 */
export class ServiceReturn {
  #socketPath: string | undefined;
  #attempt: () => void;
  #watcher: FSWatcher | undefined;
  /** What the watcher looks at: the awaited path, and the folder's identity (a folder made anew is another one). */
  #watched = '';
  #timer: NodeJS.Timeout | undefined;
  #waitMs = firstWaitMs;

  /** @param attempt called each time the service should be tried; `tryAgain` or `stop` follows. */
  constructor(socketPath: string | undefined, attempt: () => void) {
    this.#socketPath = socketPath;
    this.#attempt = attempt;
  }

  /** The service did not answer: waits for the next occasion. */
  tryAgain(): void {
    this.#watch();
    const slow = this.#watcher ? slowWaitMs.event : slowWaitMs.noEvent;
    this.#schedule(Math.min(this.#waitMs, slow));
    this.#waitMs = Math.min(this.#waitMs * 2, slow);
  }

  /** The service is there, or nobody wants it any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#waitMs = firstWaitMs;
  }

  #schedule(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#attempt, milliseconds);
  }

  /** Watches the socket's folder, or the nearest one above it that exists. */
  #watch(): void {
    if (this.#socketPath === undefined) return;
    let awaited = this.#socketPath;
    while (!existsSync(dirname(awaited)) && dirname(awaited) !== awaited) awaited = dirname(awaited);
    const watched = `${awaited} ${statSync(dirname(awaited), { throwIfNoEntry: false })?.ino}`;
    // A watch that fits stays: between two of them the event could be lost.
    if (this.#watcher && this.#watched === watched) return;
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#watched = watched;
    try {
      const watcher = watch(dirname(awaited), (_event, name) => {
        if (name !== null && join(dirname(awaited), basename(name)) !== awaited) return;
        this.#waitMs = firstWaitMs;
        this.#schedule(firstWaitMs);
      });
      watcher.on('error', () => {
        watcher.close();
        if (this.#watcher === watcher) this.#watcher = undefined;
      });
      this.#watcher = watcher;
    } catch {
      // No permission, or no more watches to be had: the slow timer remains.
    }
  }
}
