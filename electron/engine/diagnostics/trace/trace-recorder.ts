/** Records what passes between the program and cards, and gives it out as a trace. */

import {
  maxTraceCards,
  maxTraceExchanges,
  type Trace,
  type TraceCard,
  traceFormat,
  traceVersion,
} from '../../../contract/diagnostics/trace.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import type {
  ChannelEnd,
  ChannelObserver,
  ObservedAnswer,
  ObservedCard,
} from '../observing/channel-observer.ts';
import type { ObservedCommand } from '../observing/observed-command.ts';
import { redactGroup, type SeenGroup, type SeenStep } from './group-redaction.ts';
import { RedactedFiles } from './redacted-files.ts';

/** Bytes of answers in one trace, at most: twice that in hex stays below `maxTraceBytes`. */
const maxAnswerBytes = 1024 * 1024;
/** PC/SC part 10, CM_IOCTL_GET_FEATURE_REQUEST, on Windows and elsewhere. */
const featureRequests: readonly number[] = [0x42000d48, 0x00313520];
const featureBytes = 6;

interface Recording {
  readonly card: TraceCardBuilder;
  readonly files: RedactedFiles;
  /** What is going on now: kept in memory as it came, until it is over. */
  group: SeenGroup | undefined;
}

type TraceCardBuilder = { -readonly [K in keyof TraceCard]: TraceCard[K] };

export class TraceRecorder implements ChannelObserver {
  readonly #cards: TraceCardBuilder[] = [];
  readonly #recordings = new Map<ObservedCard, Recording>();
  #exchanges = 0;
  #bytes = 0;
  #cut = false;

  opened(card: ObservedCard): void {
    this.#begin(card);
  }

  openFailed(card: ObservedCard, failure: FailureCode): void {
    const recording = this.#begin(card);
    if (recording) recording.card.failure = failure;
  }

  exchanged(card: ObservedCard, command: ObservedCommand, answer: ObservedAnswer, ms: number): void {
    if ('failure' in answer) this.#add(card, { kind: 'broken', command, failure: answer.failure, ms });
    else {
      this.#bytes += answer.bytes.length;
      this.#add(card, { kind: 'exchange', command, answer: Uint8Array.from(answer.bytes), ms });
    }
  }

  controlled(card: ObservedCard, code: number, answer: ObservedAnswer, ms: number): void {
    const output = 'bytes' in answer && featureRequests.includes(code) ? features(answer.bytes) : undefined;
    const failure = 'failure' in answer ? answer.failure : undefined;
    this.#add(card, { kind: 'control', code: code >>> 0, output, failure, ms });
  }

  transactionBegan(card: ObservedCard): void {
    const recording = this.#recordings.get(card);
    if (!recording) return;
    this.#finish(recording);
    recording.group = { transaction: true, steps: [] };
  }

  transactionFailed(card: ObservedCard, failure: FailureCode): void {
    const recording = this.#recordings.get(card);
    if (!recording) return;
    this.#finish(recording);
    recording.group = { transaction: true, steps: [], failure };
    this.#finish(recording);
  }

  transactionEnded(card: ObservedCard, end: 'leave' | 'reset'): void {
    const recording = this.#recordings.get(card);
    if (!recording) return;
    if (recording.group) recording.group.end = end;
    this.#finish(recording);
  }

  ended(card: ObservedCard, end: ChannelEnd): void {
    const recording = this.#recordings.get(card);
    if (!recording) return;
    recording.card.ended = end;
    // Inside a transaction the command that was under way is told after this.
    if (!recording.group?.transaction) this.#finish(recording);
  }

  /** What was recorded so far. The recorder is of no use afterwards. */
  finish(program: string, platform: NodeJS.Platform = process.platform, now = new Date()): Trace {
    for (const recording of this.#recordings.values()) this.#finish(recording);
    this.#recordings.clear();
    this.#cut = true;
    return {
      format: traceFormat,
      version: traceVersion,
      program,
      recordedOn: now.toISOString().slice(0, 10),
      platform: platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other',
      cut: this.#wasCut,
      cards: this.#cards.filter(({ groups, failure }) => groups.length > 0 || failure !== undefined),
    };
  }

  #wasCut = false;

  /**
   * A card whose opening was seen: of one that was opened before, what it was asked first is not known, and nothing of
   * it is recorded. Undefined when no more is recorded.
   */
  #begin(card: ObservedCard): Recording | undefined {
    if (this.#cut) return undefined;
    if (this.#cards.length >= maxTraceCards) {
      this.#stop();
      return undefined;
    }
    const builder: TraceCardBuilder = {
      atr: Buffer.from(card.atr).toString('hex').toUpperCase(),
      groups: [],
    };
    const recording: Recording = { card: builder, files: new RedactedFiles(), group: undefined };
    this.#cards.push(builder);
    this.#recordings.set(card, recording);
    return recording;
  }

  #add(card: ObservedCard, step: SeenStep): void {
    const recording = this.#recordings.get(card);
    if (!recording || this.#cut) return;
    recording.group ??= { transaction: false, steps: [] };
    recording.group.steps.push(step);
    this.#exchanges += 1;
    if (this.#exchanges >= maxTraceExchanges || this.#bytes >= maxAnswerBytes) this.#stop();
  }

  /** Enough: what was seen stays, nothing is added. */
  #stop(): void {
    this.#cut = true;
    this.#wasCut = true;
  }

  #finish(recording: Recording): void {
    const { group } = recording;
    recording.group = undefined;
    if (!group || (group.steps.length === 0 && group.failure === undefined)) return;
    recording.card.groups.push(redactGroup(group, recording.files));
  }
}

/** PCSC_TLV_STRUCTURE: tag, 04, control code. Anything else is not handed on. */
function features(output: Uint8Array): Uint8Array | undefined {
  const entries = output.length / featureBytes;
  if (!Number.isInteger(entries) || entries > 32) return undefined;
  for (let at = 0; at < output.length; at += featureBytes) if (output[at + 1] !== 4) return undefined;
  return Uint8Array.from(output);
}
