import type {
  NativeAddon,
  NativeCardThread,
  OnDone,
  OnLook,
} from '../../../electron/engine/readers/native-addon.ts';

/** A job that was posted to a fake card's thread. */
export interface FakeJob {
  readonly kind: 'begin' | 'end' | 'transmit' | 'control' | 'attribute' | 'close';
  readonly id: number;
  readonly details: unknown;
  /** Reports it as done, or with a code. */
  answer(outcome: Uint8Array | number): void;
}

/** A card's thread that a test plays by hand. */
export class FakeCardThread implements NativeCardThread {
  readonly reader: string;
  readonly exclusive: boolean;
  readonly jobs: FakeJob[] = [];
  readonly abandoned: number[] = [];
  /** What `abandon` answers: false once the job has the reader. */
  canAbandon = true;
  answered = true;
  loopReleased = false;
  #onDone: OnDone;

  constructor(reader: string, exclusive: boolean, onDone: OnDone) {
    this.reader = reader;
    this.exclusive = exclusive;
    this.#onDone = onDone;
  }

  open(atr: Uint8Array, count: number): void {
    this.#onDone(0, 0, atr, count);
  }

  refuse(code: number): void {
    this.#onDone(0, code, null, 0);
    this.endThread(3);
  }

  endThread(code: number): void {
    this.#onDone(0xffff_ffff, code, null, 0);
  }

  /** The newest job of a kind. */
  last(kind: FakeJob['kind']): FakeJob {
    const job = this.jobs.findLast((one) => one.kind === kind);
    if (!job) throw new Error(`no ${kind} was posted`);
    return job;
  }

  begin = (id: number): boolean => this.#post('begin', id);
  end = (id: number, reset: boolean): boolean => this.#post('end', id, reset);
  transmit = (id: number, command: Uint8Array): boolean =>
    this.#post('transmit', id, Uint8Array.from(command));
  control = (id: number, code: number): boolean => this.#post('control', id, code);
  attribute = (id: number, attribute: number): boolean => this.#post('attribute', id, attribute);
  close = (id: number, reset: boolean): boolean => this.#post('close', id, reset);
  serviceAnswered = (): boolean => this.answered;

  abandon(id: number): boolean {
    if (this.canAbandon) this.abandoned.push(id);
    return this.canAbandon;
  }

  releaseEventLoop(): void {
    this.loopReleased = true;
  }

  #post(kind: FakeJob['kind'], id: number, details?: unknown): boolean {
    const answer = (outcome: Uint8Array | number): void => {
      if (typeof outcome === 'number') this.#onDone(id, outcome, null, 0);
      else this.#onDone(id, 0, outcome, 0);
    };
    this.jobs.push({ kind, id, details, answer });
    return true;
  }
}

/** The addon, played by hand: no PC/SC, no threads. */
export class FakeAddon implements NativeAddon {
  readonly cards: FakeCardThread[] = [];
  readonly watches: { onLook: OnLook; stopped: boolean }[] = [];
  /** What one look at a reader tells: SCARD_STATE_* flags. */
  flags = 0x20;

  controlCode = (functionNumber: number): number => 0x4200_0000 + functionNumber;

  watchReaders(onLook: OnLook) {
    const watch = { onLook, stopped: false };
    this.watches.push(watch);
    return {
      stop: () => {
        watch.stopped = true;
      },
    };
  }

  lookAtReader(name: string, onLook: OnLook): void {
    queueMicrotask(() => onLook(0, [{ name, flags: this.flags, count: 0, atr: new Uint8Array(0) }]));
  }

  openCard(reader: string, exclusive: boolean, onDone: OnDone): NativeCardThread {
    const card = new FakeCardThread(reader, exclusive, onDone);
    this.cards.push(card);
    return card;
  }

  get card(): FakeCardThread {
    const card = this.cards.at(-1);
    if (!card) throw new Error('no card was opened');
    return card;
  }

  get watch() {
    const watch = this.watches.at(-1);
    if (!watch) throw new Error('nothing is watched');
    return watch;
  }
}
