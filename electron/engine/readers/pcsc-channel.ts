import type { FailureCode } from '../../contract/failures/catalogue.ts';
import { Failure } from '../../contract/failures/failure.ts';
import type { CardChannel } from '../card/channel.ts';
import { type CardJobs, PcscError, type PostedJob } from './card-jobs.ts';
import { isUnsupported, mayHideRemoval, scardFailure } from './error-map.ts';
import { atMost } from './patience.ts';

/** Another program's transaction is said after waiting this long for the reader. */
export const holdNoticeMs = 500;
/** A driver that has not answered an APDU for so long will not. Slow work on cards (RSA keys) takes up to a minute. */
const transmitLimitMs = 90_000;
/** How long a card's end may take to show after an exchange failed: pcscd looks every 400 ms where a reader has no events. */
const removalShowsMs = 600;
/**
 * When the watch tells the end first, an exchange under way is given this long for an answer of its own: the card
 * may have carried it out, and its answer may be on the way.
 */
const lastAnswerMs = 100;
/** `close` waits for the reader no longer than this; the thread finishes by itself. */
const closePatienceMs = 1_000;

/** ISO 7816-4 clause 5: header alone, to extended Lc and Le with 65,535 data bytes. */
const commandLength = { min: 4, max: 65_544 } as const;
/** PC/SC part 3: a control code's input is bounded by the largest APDU. */
const controlInputMax = 65_544;

/** Why a channel ended. */
export type ChannelEnd = Awaited<CardChannel['gone']>;

const endFailure: Record<ChannelEnd, FailureCode> = {
  removed: 'card-removed',
  'reader-removed': 'reader-removed',
  'service-stopped': 'service-stopped',
  closed: 'cancelled',
};

/** What the channel is about. */
export interface ChannelFacts {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly simulated: boolean;
  readonly exclusive: boolean;
  /** The reader's generation (`ReaderInfo`) that this card belongs to. */
  readonly generation: number;
}

/** How one job may be waited for. */
interface Patience {
  /** The job waits for the reader unless a transaction is ours: then another program's hold is noticed. */
  readonly forReader: boolean;
  readonly limitMs?: number;
}

/** A card in a PC/SC reader. The service tells it when its card, reader or service is gone. */
export class PcscChannel implements CardChannel {
  readonly readerName: string;
  readonly atr: Uint8Array;
  readonly simulated: boolean;
  readonly exclusive: boolean;
  readonly generation: number;
  readonly gone: Promise<ChannelEnd>;
  #jobs: CardJobs;
  #onEnd: (channel: PcscChannel) => void;
  #end: ChannelEnd | undefined;
  #resolveGone!: (end: ChannelEnd) => void;
  /** Jobs that somebody waits for, each with the way to give it up. */
  #pending = new Map<PostedJob, (failure: Failure) => void>();
  #transaction: 'none' | 'beginning' | 'inside' = 'none';
  #letGo: Promise<void> | undefined;

  constructor(jobs: CardJobs, facts: ChannelFacts, onEnd: (channel: PcscChannel) => void) {
    this.#jobs = jobs;
    this.#onEnd = onEnd;
    this.readerName = facts.readerName;
    this.atr = facts.atr;
    this.simulated = facts.simulated;
    this.exclusive = facts.exclusive;
    this.generation = facts.generation;
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve;
    });
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    if (command.length < commandLength.min || command.length > commandLength.max) {
      throw new Failure('internal', { detail: `a command APDU of ${command.length} bytes` });
    }
    const response = await this.#run(() => this.#jobs.transmit(command), {
      forReader: true,
      limitMs: transmitLimitMs,
    });
    if (response.length < 2) {
      throw new Failure('reader-fault', {
        parameters: { reader: this.readerName },
        detail: `a response of ${response.length} bytes has no status word`,
      });
    }
    return response;
  }

  async transaction<T>(work: () => Promise<T>, end: 'leave' | 'reset' = 'leave'): Promise<T> {
    if (this.#transaction !== 'none')
      throw new Failure('internal', { detail: 'a transaction inside another' });
    this.#transaction = 'beginning';
    try {
      await this.#run(() => this.#jobs.begin(), { forReader: true });
      this.#transaction = 'inside';
      try {
        return await work();
      } finally {
        // Whatever happens now, the next call meets it.
        await this.#run(() => this.#jobs.end(end === 'reset'), { forReader: false }).catch(() => undefined);
      }
    } finally {
      this.#transaction = 'none';
    }
  }

  /** No time limit: a reader with a PIN pad answers when the person has typed. */
  async control(code: number, input: Uint8Array): Promise<Uint8Array> {
    if (input.length > controlInputMax) throw new Failure('internal', { detail: 'control input too long' });
    return this.#run(() => this.#jobs.control(code, input), { forReader: true });
  }

  async attribute(id: number): Promise<Uint8Array | undefined> {
    try {
      return await this.#run(() => this.#jobs.attribute(id), { forReader: true, limitMs: transmitLimitMs });
    } catch (thrown) {
      if (
        thrown instanceof Failure &&
        thrown.cause instanceof PcscError &&
        isUnsupported(thrown.cause.code)
      ) {
        return undefined;
      }
      throw thrown;
    }
  }

  close(disposition: 'leave' | 'reset' = 'leave'): Promise<void> {
    this.endWith('closed', disposition === 'reset');
    return this.#letGo ?? Promise.resolve();
  }

  /** Ends the channel: every call under way is answered (almost) now, and the card's thread lets go when it can. */
  endWith(end: ChannelEnd, reset = false): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const [job, giveUp] of [...this.#pending]) {
      const running = !this.#jobs.abandon(job);
      const failure = this.#endFailure(end);
      if (running && end !== 'closed') setTimeout(giveUp, lastAnswerMs, failure);
      else giveUp(failure);
    }
    this.#letGo = this.#closeThread(reset);
    this.#resolveGone(end);
    this.#onEnd(this);
  }

  async #closeThread(reset: boolean): Promise<void> {
    const closed = this.#jobs.close(reset).done.catch(() => undefined);
    await atMost(closed, closePatienceMs);
    this.#jobs.releaseEventLoop();
  }

  #run(post: () => PostedJob, patience: Patience): Promise<Uint8Array> {
    if (this.#end !== undefined) return Promise.reject(this.#endFailure(this.#end));
    const job = post();
    return new Promise((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      const settle = (): boolean => {
        for (const timer of timers) clearTimeout(timer);
        return this.#pending.delete(job);
      };
      const giveUp = (failure: Failure): void => {
        if (settle()) reject(failure);
      };
      this.#pending.set(job, giveUp);
      if (patience.forReader && this.#transaction !== 'inside') {
        const held = new Failure('reader-held', { parameters: { reader: this.readerName } });
        timers.push(setTimeout(() => this.#jobs.abandon(job) && giveUp(held), holdNoticeMs));
      }
      if (patience.limitMs !== undefined) {
        const late = new Failure('card-timeout', { parameters: { reader: this.readerName } });
        timers.push(setTimeout(() => giveUp(late), patience.limitMs));
      }
      job.done.then(
        (bytes) => {
          if (settle()) resolve(bytes);
        },
        (error: unknown) => {
          for (const timer of timers) clearTimeout(timer);
          // Still pending meanwhile: if the watch tells the reason first, `endWith` answers the caller.
          void this.#explain(error).then((failure) => {
            giveUp(failure);
            const end = endOf(failure.code);
            if (end !== undefined) this.endWith(end);
          });
        },
      );
    });
  }

  /** The failure behind an error, after asking whether the card has just gone. */
  async #explain(error: unknown): Promise<Failure> {
    if (!(error instanceof PcscError))
      return new Failure('internal', { detail: String(error), cause: error });
    if (mayHideRemoval(error.code)) await atMost(this.gone, removalShowsMs);
    if (this.#end !== undefined) return this.#endFailure(this.#end);
    const { code, detail, parameters } = scardFailure(error.code, 'use', this.readerName);
    return new Failure(code, { parameters, cause: error, ...(detail === undefined ? {} : { detail }) });
  }

  #endFailure(end: ChannelEnd): Failure {
    return new Failure(endFailure[end], {
      parameters: { reader: this.readerName },
      ...(end === 'closed' ? { detail: 'the channel was closed' } : {}),
    });
  }
}

/** Failures after which the channel is of no use any more. */
function endOf(code: FailureCode): ChannelEnd | undefined {
  if (code === 'card-removed') return 'removed';
  if (code === 'reader-removed') return 'reader-removed';
  if (code === 'service-stopped') return 'service-stopped';
  return undefined;
}
