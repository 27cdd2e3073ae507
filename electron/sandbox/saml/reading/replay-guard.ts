/** Remembers which messages were seen, so that none is taken twice. */
export interface ReplayGuard {
  /**
   * Takes note of a message.
   * @param id issuer and ID of the message or assertion, up to about 1300 characters
   * @param until from then on the message is refused for its age, and need not be remembered
   * @returns false when it was taken before
   */
  take(id: string, until: Date): boolean;
}

/** A replay guard that remembers in memory only. */
export class MemoryReplayGuard implements ReplayGuard {
  readonly #seen = new Map<string, number>();
  readonly #now: () => Date;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  take(id: string, until: Date): boolean {
    const now = this.#now().getTime();
    for (const [key, end] of this.#seen) if (end <= now) this.#seen.delete(key);
    if (this.#seen.has(id)) return false;
    this.#seen.set(id, until.getTime());
    return true;
  }
}
