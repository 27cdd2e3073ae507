/**
 * Turns what was seen in one transaction into what a trace may hold. Answers are looked at together: a file is read in
 * blocks, an answer comes in parts (61xx), and only the whole says which rule it falls under.
 */

import type { TraceCommand, TraceGroup, TraceStep } from '../../../contract/diagnostics/trace.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { Instruction, type ObservedCommand } from '../observing/observed-command.ts';
import { fillDataObject, fillFileControl } from './file-fillers.ts';
import { Filling } from './filling.ts';
import type { RedactedFiles } from './redacted-files.ts';

/** A step as it was seen. The answers are personal data: they are overwritten when the group has been redacted. */
export type SeenStep =
  | {
      readonly kind: 'exchange';
      readonly command: ObservedCommand;
      readonly answer: Uint8Array;
      readonly ms: number;
    }
  | {
      readonly kind: 'broken';
      readonly command: ObservedCommand;
      readonly failure: FailureCode;
      readonly ms: number;
    }
  | {
      readonly kind: 'control';
      readonly code: number;
      readonly output: Uint8Array | undefined;
      readonly failure: FailureCode | undefined;
      readonly ms: number;
    };

export interface SeenGroup {
  readonly transaction: boolean;
  readonly steps: SeenStep[];
  end?: 'leave' | 'reset';
  failure?: FailureCode;
}

type Exchange = Extract<SeenStep, { kind: 'exchange' }>;

/** The data of an exchange: redacted bytes, or their number. */
type Redaction = { readonly bytes: Uint8Array } | { readonly length: number };

export function redactGroup(group: SeenGroup, files: RedactedFiles): TraceGroup {
  const redactions = new Map<SeenStep, Redaction>();
  const exchanges = group.steps.filter((step): step is Exchange => step.kind === 'exchange');
  const answers = answersOf(exchanges);
  for (const answer of answers) redactParts(answer.parts, answerFiller(answer), redactions);
  for (const run of runsOf(answers)) {
    const parts = run.blocks.flatMap((block) => block.parts);
    // Of records that no rule knows nothing but the length is told.
    const known = !run.record || files.knows(run.file);
    redactParts(parts, known ? (whole) => files.redact(run.file, whole) : undefined, redactions);
  }
  const steps = group.steps.map((step) => traceStep(step, redactions.get(step)));
  for (const { answer } of exchanges) answer.fill(0);
  return {
    transaction: group.transaction,
    steps,
    ...(group.end === undefined ? {} : { end: group.end }),
    ...(group.failure === undefined ? {} : { failure: group.failure }),
  };
}

/** A command, and its answer in one piece or, by GET RESPONSE, in several. */
interface Answer {
  readonly command: ObservedCommand;
  readonly parts: Exchange[];
  length: number;
}

function answersOf(exchanges: readonly Exchange[]): Answer[] {
  const answers: Answer[] = [];
  for (const exchange of exchanges) {
    const { command } = exchange;
    const { length } = dataOf(exchange);
    const before = answers.at(-1);
    if (command.ins === Instruction.getResponse && before !== undefined) {
      before.parts.push(exchange);
      before.length += length;
    } else answers.push({ command, parts: [exchange], length });
  }
  return answers;
}

/** Redacts what parts say together, and gives each its share of it. */
function redactParts(
  parts: readonly Exchange[],
  redact: ((whole: Uint8Array) => Uint8Array) | undefined,
  redactions: Map<SeenStep, Redaction>,
): void {
  const whole = Buffer.concat(parts.map(dataOf));
  const redacted = redact?.(whole);
  let at = 0;
  for (const part of parts) {
    const { length } = dataOf(part);
    redactions.set(part, redacted ? { bytes: redacted.subarray(at, at + length) } : { length });
    at += length;
  }
  whole.fill(0);
}

/** The rule for an answer; undefined where only its length may be told. Files come later. */
function answerFiller({ command }: Answer): ((whole: Uint8Array) => Uint8Array) | undefined {
  const plain = command.cla === 0 && command.data?.kind !== 'withheld';
  const fill =
    plain && command.ins === Instruction.select
      ? fillFileControl
      : plain && command.ins === (Instruction.getData | 1)
        ? fillDataObject
        : undefined;
  return (
    fill &&
    ((whole) => {
      const filling = new Filling(whole);
      fill(filling);
      return filling.bytes;
    })
  );
}

/** Blocks of one file, one behind the other. */
interface Run {
  readonly file: number | undefined;
  /** One record, by READ RECORD. */
  readonly record: boolean;
  readonly blocks: Answer[];
  end: number;
}

function runsOf(answers: readonly Answer[]): Run[] {
  const runs: Run[] = [];
  let file: number | undefined;
  let run: Run | undefined;
  for (const answer of answers) {
    const { command, length } = answer;
    if (command.ins === Instruction.select && isSelected(answer)) {
      file = fileIdentifier(command);
      run = undefined;
    }
    if (command.cla !== 0 || length === 0) continue;
    if (command.ins === Instruction.readRecord) {
      runs.push({ file, record: true, blocks: [answer], end: 0 });
    }
    if (command.ins !== Instruction.readBinary) continue;
    // A short file identifier in P1 selects another file; which one, nobody says.
    const short = (command.p1 & 0x80) !== 0;
    const offset = short ? command.p2 : (command.p1 << 8) | command.p2;
    if (short) {
      file = undefined;
      run = undefined;
    }
    if (run === undefined || run.end !== offset) {
      run = { file, record: false, blocks: [], end: offset };
      runs.push(run);
    }
    run.blocks.push(answer);
    run.end += length;
  }
  return runs;
}

/** The last file identifier of a path; undefined for a DF name. */
function fileIdentifier({ p1, data }: ObservedCommand): number | undefined {
  if (p1 === 0x04 || data?.kind !== 'open' || data.bytes.length < 2) return undefined;
  const { bytes } = data;
  return ((bytes[bytes.length - 2] as number) << 8) | (bytes[bytes.length - 1] as number);
}

function isSelected({ parts }: Answer): boolean {
  const answer = parts[0]?.answer;
  const sw1 = answer?.[answer.length - 2];
  return sw1 === 0x90 || sw1 === 0x61 || sw1 === 0x62;
}

function dataOf({ answer }: Exchange): Uint8Array {
  return answer.subarray(0, Math.max(0, answer.length - 2));
}

function traceStep(step: SeenStep, redaction: Redaction | undefined): TraceStep {
  const ms = Math.min(3_600_000, Math.round(step.ms));
  switch (step.kind) {
    case 'control':
      return {
        kind: 'control',
        code: step.code,
        ...(step.output === undefined ? {} : { output: hex(step.output) }),
        ...(step.failure === undefined ? {} : { failure: step.failure }),
        ms,
      };
    case 'broken':
      return { kind: 'broken', command: traceCommand(step.command), failure: step.failure, ms };
    case 'exchange': {
      const { answer } = step;
      const { length } = dataOf(step);
      const data =
        length === 0
          ? undefined
          : redaction && 'bytes' in redaction
            ? ({ kind: 'open', hex: hex(redaction.bytes) } as const)
            : ({ kind: 'withheld', length } as const);
      return {
        kind: 'exchange',
        command: traceCommand(step.command),
        response: { ...(data ? { data } : {}), status: hex(answer.subarray(-2)).padStart(4, '0') },
        ms,
      };
    }
  }
}

export function traceCommand({ cla, ins, p1, p2, data, expected, extended }: ObservedCommand): TraceCommand {
  return {
    header: hex(Uint8Array.of(cla, ins, p1, p2)),
    ...(data === undefined
      ? {}
      : { data: data.kind === 'open' ? { kind: 'open', hex: hex(data.bytes) } : data }),
    ...(expected === undefined ? {} : { expected }),
    ...(extended ? { extended } : {}),
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();
}
