import { Failure } from '../../contract/failures/failure.ts';
import { CardJobs, type OpenedCard, PcscError } from './card-jobs.ts';
import { scardFailure } from './error-map.ts';
import type { NativeAddon } from './native-addon.ts';
import { atMost } from './patience.ts';
import { holdNoticeMs } from './pcsc-channel.ts';
import { readerFlag } from './reader-tracker.ts';

/** A card that takes longer than this to power up is taken for mute, when no other program can be the reason. */
const slowestPowerUpMs = 5_000;
/** A look at a reader takes a millisecond; a service that needs longer has other troubles. */
const lookPatienceMs = 100;

/** How an opening is waited for. */
export interface OpeningOptions {
  readonly exclusive: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A card that was opened, with its thread. */
export interface Opening {
  readonly jobs: CardJobs;
  readonly opened: OpenedCard;
}

/**
 * Opens cards. SCardConnect cannot be cancelled: while another program holds a transaction it blocks without
 * a word, in a thread of its own. Whoever stops waiting leaves the opening behind; the next one who wants the
 * same card takes it over, so that waiting again and again does not pile up threads. An opening that succeeds
 * with nobody waiting lets the card go at once.
 */
export class CardOpenings {
  #addon: NativeAddon;
  #leftBehind = new Map<string, CardJobs>();
  #closed = false;

  constructor(addon: NativeAddon) {
    this.#addon = addon;
  }

  /**
   * @throws Failure as `ReaderService.connect`: `reader-held` after `timeoutMs` when another program has the
   *   card open; `card-mute` when the card alone is slow; `service-stopped` when the service does not answer.
   */
  async open(reader: string, options: OpeningOptions): Promise<Opening> {
    if (options.signal?.aborted) throw new Failure('cancelled');
    const key = `${options.exclusive ? 'exclusive' : 'shared'} ${reader}`;
    const jobs = this.#leftBehind.get(key) ?? new CardJobs(this.#addon, reader, options.exclusive);
    this.#leftBehind.delete(key);
    const outcome = await this.#wait(jobs, reader, options);
    if (!(outcome instanceof Failure)) return { jobs, opened: outcome };
    if (outcome.cause instanceof PcscError) jobs.releaseEventLoop();
    else this.#leaveBehind(key, jobs);
    throw outcome;
  }

  /** Openings that nobody waits for are given up. */
  close(): void {
    this.#closed = true;
    for (const jobs of this.#leftBehind.values()) giveUp(jobs);
    this.#leftBehind.clear();
  }

  #wait(jobs: CardJobs, reader: string, options: OpeningOptions): Promise<OpenedCard | Failure> {
    const patienceMs = options.timeoutMs ?? holdNoticeMs;
    return new Promise((resolve) => {
      const late = async (): Promise<void> => {
        const parameters = { reader };
        if (!jobs.serviceAnswered) {
          settle(new Failure('service-stopped', { parameters, detail: 'the service does not answer' }));
        } else if (await this.#inUse(reader)) {
          settle(new Failure('reader-held', { parameters }));
        } else if (performance.now() - since < slowestPowerUpMs) {
          // Nobody else has the card: it is only slow to power up. Held if somebody takes it meanwhile.
          if (!settled) timer = setTimeout(late, patienceMs);
        } else {
          settle(new Failure('card-mute', { parameters, detail: 'the card takes too long to power up' }));
        }
      };
      const cancelled = (): void => settle(new Failure('cancelled'));
      const settle = (outcome: OpenedCard | Failure): void => {
        settled = true;
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', cancelled);
        resolve(outcome);
      };
      const since = performance.now();
      let settled = false;
      let timer = setTimeout(late, patienceMs);
      options.signal?.addEventListener('abort', cancelled, { once: true });
      jobs.opened.then(settle, (error: unknown) => settle(connectFailure(error, reader)));
    });
  }

  /** Whether some program has the card open. Asked when it matters: services do not tell of changes. */
  async #inUse(reader: string): Promise<boolean> {
    const looked = new Promise<boolean>((resolve) => {
      this.#addon.lookAtReader(reader, (_code, looks) => {
        const flags = looks?.[0]?.flags ?? 0;
        resolve((flags & (readerFlag.inUse | readerFlag.exclusive)) !== 0);
      });
    });
    return (await atMost(looked, lookPatienceMs)) ?? true;
  }

  #leaveBehind(key: string, jobs: CardJobs): void {
    if (this.#closed || this.#leftBehind.has(key)) {
      giveUp(jobs);
      return;
    }
    this.#leftBehind.set(key, jobs);
    // It must not keep the process alive.
    jobs.releaseEventLoop();
    const ended = (): void => {
      if (this.#leftBehind.get(key) !== jobs) return;
      this.#leftBehind.delete(key);
      giveUp(jobs);
    };
    jobs.opened.then(ended, ended);
  }
}

/** Lets go of what was opened, or will be. */
function giveUp(jobs: CardJobs): void {
  jobs.abandonConnecting();
  jobs.close(false).done.catch(() => undefined);
  jobs.releaseEventLoop();
}

function connectFailure(error: unknown, reader: string): Failure {
  if (!(error instanceof PcscError)) return new Failure('internal', { detail: String(error), cause: error });
  const { code, detail, parameters } = scardFailure(error.code, 'connect', reader);
  return new Failure(code, { parameters, cause: error, ...(detail === undefined ? {} : { detail }) });
}
