import type { BundleFailure } from '../../../contract/diagnostics/bundle.ts';
import type { Failure } from '../../../contract/failures/failure.ts';

/** How many failures are remembered. */
const capacity = 200;
/** More tries than any card counts are a card's nonsense, and not told. */
const maxTries = 15;

/**
 * The failures that were met since the agent started: code, time and tries left. Nothing of what they were about, so
 * that nothing of a person can be in it. In memory only.
 */
export class FailureHistory {
  readonly #clock: () => Date;
  #entries: BundleFailure[] = [];

  constructor(clock: () => Date = () => new Date()) {
    this.#clock = clock;
  }

  /** Oldest first, at most 200. */
  get entries(): readonly BundleFailure[] {
    return this.#entries;
  }

  add({ code, triesLeft }: Pick<Failure, 'code' | 'triesLeft'>): void {
    const told = triesLeft !== undefined && Number.isInteger(triesLeft) && triesLeft >= 0;
    this.#entries.push({
      at: this.#clock().toISOString(),
      code,
      ...(told ? { triesLeft: Math.min(triesLeft, maxTries) } : {}),
    });
    if (this.#entries.length > capacity) this.#entries = this.#entries.slice(-capacity);
  }
}
