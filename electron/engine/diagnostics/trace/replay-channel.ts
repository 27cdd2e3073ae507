import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import type { CardChannel } from '../../card/channel.ts';
import type { ReplaySession } from './replay-session.ts';

type ChannelEnd = Awaited<CardChannel['gone']>;

/** Failures with which a channel is at its end. */
const ends: Partial<Record<FailureCode, ChannelEnd>> = {
  'card-removed': 'removed',
  'card-absent': 'removed',
  'reader-removed': 'reader-removed',
  'service-stopped': 'service-stopped',
};

/** A card that answers out of a trace. */
export class ReplayChannel implements CardChannel {
  readonly readerName: string;
  readonly atr: Uint8Array;
  /** What lies on this reader is no document but the memory of one. */
  readonly simulated = true;
  readonly gone: Promise<ChannelEnd>;
  readonly #session: ReplaySession;
  #resolveGone!: (end: ChannelEnd) => void;
  #ended: Failure | undefined;
  #inTransaction = false;

  constructor(readerName: string, atr: Uint8Array, session: ReplaySession) {
    this.readerName = readerName;
    this.atr = atr;
    this.#session = session;
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve;
    });
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.#refuseWhenEnded();
    const answer = this.#session.answer(command);
    if ('failure' in answer) throw this.#failed(answer.failure);
    return answer.bytes;
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseWhenEnded();
    if (this.#inTransaction) throw new Failure('internal', { detail: 'a transaction inside another' });
    const refused = this.#session.begin(true);
    if (refused !== undefined) throw this.#failed(refused);
    this.#inTransaction = true;
    try {
      return await work();
    } finally {
      this.#inTransaction = false;
      this.#session.end();
    }
  }

  async control(code: number): Promise<Uint8Array> {
    this.#refuseWhenEnded();
    const answer = this.#session.control(code);
    if (answer === undefined) throw this.#failed('reader-fault');
    if ('failure' in answer) throw this.#failed(answer.failure);
    return answer.output;
  }

  async attribute(): Promise<Uint8Array | undefined> {
    this.#refuseWhenEnded();
    return undefined;
  }

  async close(): Promise<void> {
    this.#end('closed', new Failure('cancelled'));
  }

  #failed(code: FailureCode): Failure {
    const failure = new Failure(code, { parameters: { reader: this.readerName } });
    const end = ends[code];
    if (end !== undefined) this.#end(end, failure);
    return failure;
  }

  #end(end: ChannelEnd, failure: Failure): void {
    if (this.#ended) return;
    this.#ended = failure;
    this.#resolveGone(end);
  }

  #refuseWhenEnded(): void {
    if (this.#ended) throw this.#ended;
  }
}
