/**
 * A recorded card that answers again, strictly: what was asked then may be asked now, in the same transactions and the
 * same order, and nothing else. A transaction that is over may be repeated, because a program may look again at what it
 * has seen; one that was not recorded may not be begun.
 */

import type { TraceCard, TraceCommand, TraceGroup, TraceStep } from '../../../contract/diagnostics/trace.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import { observeCommand } from '../observing/observed-command.ts';
import { traceCommand } from './group-redaction.ts';

type CardStep = Exclude<TraceStep, { kind: 'control' }>;

interface ReplayGroup extends Pick<TraceGroup, 'transaction' | 'failure'> {
  readonly steps: readonly CardStep[];
}

/** A recorded group that fits what has been asked since the transaction began. */
interface Candidate {
  readonly index: number;
  at: number;
}

export class ReplaySession {
  readonly #groups: readonly ReplayGroup[];
  readonly #controls: ReadonlyMap<number, Extract<TraceStep, { kind: 'control' }>>;
  /** The first group that has not been replayed. */
  #next = 0;
  #candidates: Candidate[] = [];
  #inTransaction: boolean | undefined;
  #mismatch: Failure | undefined;

  constructor(card: TraceCard) {
    this.#groups = card.groups
      .map(({ transaction, failure, steps }) => ({
        transaction,
        ...(failure === undefined ? {} : { failure }),
        steps: steps.filter((step): step is CardStep => step.kind !== 'control'),
      }))
      .filter(({ steps, failure }) => steps.length > 0 || failure !== undefined);
    const controls = card.groups.flatMap(({ steps }) => steps).filter((step) => step.kind === 'control');
    this.#controls = new Map(controls.map((step) => [step.code, step]));
  }

  /**
   * A transaction begins, or what happens between two.
   * @returns why the recorded one could not begin
   */
  begin(transaction: boolean): FailureCode | undefined {
    this.end();
    this.#inTransaction = transaction;
    const next = this.#groups[this.#next];
    if (next?.transaction === transaction && next.failure !== undefined) {
      this.#next += 1;
      return next.failure;
    }
    // What comes next first, then what was last.
    const order = [this.#next, ...Array.from({ length: this.#next }, (_, at) => this.#next - 1 - at)];
    this.#candidates = order
      .filter((index) => this.#groups[index]?.transaction === transaction)
      .filter((index) => this.#groups[index]?.failure === undefined)
      .map((index) => ({ index, at: 0 }));
    return undefined;
  }

  /** The transaction is over. One of which not all was asked counts as replayed: the program gave up there. */
  end(): void {
    const [chosen] = this.#candidates;
    if (chosen && chosen.at > 0 && chosen.index === this.#next) this.#next += 1;
    this.#candidates = [];
    this.#inTransaction = undefined;
  }

  /**
   * The recorded answer to a command, or the failure in its place.
   * @throws Failure `trace-mismatch` when no recorded transaction goes on like this; from then on always
   */
  answer(apdu: Uint8Array): { readonly bytes: Uint8Array } | { readonly failure: FailureCode } {
    if (this.#mismatch) throw this.#mismatch;
    if (this.#inTransaction === undefined) this.begin(false);
    const command = traceCommand(observeCommand(apdu));
    const fitting = this.#candidates.filter((candidate) => {
      const step = this.#stepOf(candidate);
      return step !== undefined && sameCommand(step.command, command);
    });
    const [chosen] = fitting;
    const step = chosen && this.#stepOf(chosen);
    if (!chosen || !step) {
      this.#mismatch = new Failure('trace-mismatch', { parameters: { command: command.header } });
      throw this.#mismatch;
    }
    // Those that would have answered otherwise are out.
    const answer = JSON.stringify(outcomeOf(step));
    this.#candidates = fitting.filter((one) => JSON.stringify(outcomeOf(this.#stepOf(one))) === answer);
    for (const candidate of this.#candidates) candidate.at += 1;
    return step.kind === 'broken' ? { failure: step.failure } : { bytes: answerBytes(step) };
  }

  /** The recorded answer of the reader to a control code; undefined for one that was not asked then. */
  control(code: number): { readonly output: Uint8Array } | { readonly failure: FailureCode } | undefined {
    const step = this.#controls.get(code >>> 0);
    if (!step) return undefined;
    if (step.failure !== undefined) return { failure: step.failure };
    return step.output === undefined
      ? undefined
      : { output: Uint8Array.from(Buffer.from(step.output, 'hex')) };
  }

  #stepOf({ index, at }: Candidate): CardStep | undefined {
    return this.#groups[index]?.steps[at];
  }
}

function sameCommand(recorded: TraceCommand, asked: TraceCommand): boolean {
  return (
    recorded.header === asked.header &&
    recorded.expected === asked.expected &&
    recorded.extended === asked.extended &&
    JSON.stringify(recorded.data ?? null) === JSON.stringify(asked.data ?? null)
  );
}

function outcomeOf(step: CardStep | undefined): unknown {
  return step?.kind === 'exchange' ? step.response : step?.failure;
}

/** What was withheld comes back as zeros. */
function answerBytes({ response }: Extract<CardStep, { kind: 'exchange' }>): Uint8Array {
  const { data, status } = response;
  const bytes =
    data === undefined
      ? Buffer.alloc(0)
      : data.kind === 'open'
        ? Buffer.from(data.hex, 'hex')
        : Buffer.alloc(data.length);
  return new Uint8Array(Buffer.concat([bytes, Buffer.from(status, 'hex')]));
}
