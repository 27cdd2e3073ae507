import { type NativeAddon, type NativeCardThread, nativeCode } from './native-addon.ts';

/** A PC/SC call that did not succeed: the SCARD code (or one of `nativeCode`), not yet interpreted. */
export class PcscError extends Error {
  override readonly name = 'PcscError';
  readonly code: number;

  constructor(code: number) {
    super(`0x${code.toString(16)}`);
    this.code = code;
  }
}

/** A job that was posted to a card's thread. */
export interface PostedJob {
  readonly id: number;
  /** Rejects with `PcscError`. */
  readonly done: Promise<Uint8Array>;
}

/** What connecting brought. */
export interface OpenedCard {
  readonly atr: Uint8Array;
  /** The reader's event count when the card was connected. */
  readonly count: number;
}

const connectingId = 0;
const threadEndedId = 0xffff_ffff;
const nothing = new Uint8Array(0);

interface Waiting {
  resolve(bytes: Uint8Array): void;
  reject(error: PcscError): void;
}

/** A card's thread with promises for its callbacks. Policy (deadlines, meanings) is the channel's. */
export class CardJobs {
  /** Rejects with `PcscError`. */
  readonly opened: Promise<OpenedCard>;
  #thread: NativeCardThread;
  #waiting = new Map<number, Waiting>();
  #nextId = 1;

  /** Starts to connect at once. */
  constructor(addon: NativeAddon, reader: string, exclusive: boolean) {
    let count = 0;
    this.opened = this.#expect(connectingId).then((atr) => ({ atr, count }));
    // Whoever gave up on it does not listen any more.
    this.opened.catch(() => undefined);
    this.#thread = addon.openCard(reader, exclusive, (id, code, bytes, eventCount) => {
      if (id === threadEndedId) {
        this.#threadEnded(code);
        return;
      }
      if (id === connectingId) count = eventCount;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (code === nativeCode.success) waiting?.resolve(bytes ?? nothing);
      else waiting?.reject(new PcscError(code));
    });
  }

  begin(): PostedJob {
    return this.#post((id) => this.#thread.begin(id));
  }

  end(reset: boolean): PostedJob {
    return this.#post((id) => this.#thread.end(id, reset));
  }

  /** The command is copied before this returns. */
  transmit(command: Uint8Array): PostedJob {
    return this.#post((id) => this.#thread.transmit(id, command));
  }

  control(code: number, input: Uint8Array): PostedJob {
    return this.#post((id) => this.#thread.control(id, code, input));
  }

  attribute(attribute: number): PostedJob {
    return this.#post((id) => this.#thread.attribute(id, attribute));
  }

  /** Disconnects after what was posted before. Also for a card that is still connecting or whose connecting failed. */
  close(reset: boolean): PostedJob {
    return this.#post((id) => this.#thread.close(id, reset));
  }

  /** Gives a job up unless it has the reader already; then its promise rejects when the thread comes to it. */
  abandon(job: Pick<PostedJob, 'id'>): boolean {
    return this.#thread.abandon(job.id);
  }

  /** Gives the connecting up; a card that is connected later all the same is let go at once. */
  abandonConnecting(): boolean {
    return this.#thread.abandon(connectingId);
  }

  /** Whether the service has answered at all (a frozen service accepts, and then says nothing). */
  get serviceAnswered(): boolean {
    return this.#thread.serviceAnswered();
  }

  /** The process may exit although the thread is still stuck in a call. */
  releaseEventLoop(): void {
    this.#thread.releaseEventLoop();
  }

  #post(post: (id: number) => boolean): PostedJob {
    const id = this.#nextId++;
    const done = this.#expect(id);
    if (!post(id)) {
      this.#waiting.get(id)?.reject(new PcscError(nativeCode.ended));
      this.#waiting.delete(id);
    }
    return { id, done };
  }

  #expect(id: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #threadEnded(code: number): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new PcscError(code));
    this.#waiting.clear();
  }
}
