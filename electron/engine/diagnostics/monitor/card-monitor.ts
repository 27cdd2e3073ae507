/** Decodes what passes between the program and cards, line by line, for somebody who watches. */
import { type MonitorLine, maxMonitorLines } from '../../../contract/diagnostics/monitor.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import type { ModuleCall } from '../../modules/module-calls.ts';
import type { ChannelObserver, ObservedAnswer, ObservedCard } from '../observing/channel-observer.ts';
import type { ObservedCommand } from '../observing/observed-command.ts';
import { commandDetail, commandName, statusMeaning } from './command-words.ts';

/** Lines are gathered so long before they are told, in ms. */
const gatherMs = 50;

type ChannelAct = Extract<MonitorLine, { kind: 'channel' }>['act'];

export class CardMonitor implements ChannelObserver {
  readonly #tell: (lines: readonly MonitorLine[]) => void;
  readonly #now: () => Date;
  #lines: MonitorLine[] = [];
  #number = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param tell gets lines in order; those that come faster than it takes them are dropped, as a gap in the numbers tells */
  constructor(tell: (lines: readonly MonitorLine[]) => void, now: () => Date = () => new Date()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** Tells what is left and ends. */
  close(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  opened(card: ObservedCard): void {
    this.#channel(card, 'opened', 0);
  }

  openFailed(card: ObservedCard, failure: FailureCode, ms: number): void {
    this.#channel(card, 'opened', ms, failure);
  }

  transactionBegan(card: ObservedCard, ms: number): void {
    this.#channel(card, 'begin', ms);
  }

  transactionFailed(card: ObservedCard, failure: FailureCode, ms: number): void {
    this.#channel(card, 'begin', ms, failure);
  }

  transactionEnded(card: ObservedCard, end: 'leave' | 'reset'): void {
    this.#channel(card, end === 'reset' ? 'reset' : 'end', 0);
  }

  controlled(card: ObservedCard, _code: number, answer: ObservedAnswer, ms: number): void {
    this.#channel(card, 'control', ms, 'failure' in answer ? answer.failure : undefined);
  }

  ended(card: ObservedCard, end: 'removed' | 'reader-removed' | 'service-stopped' | 'closed'): void {
    this.#channel(card, end === 'closed' ? 'closed' : 'gone', 0);
  }

  exchanged(card: ObservedCard, command: ObservedCommand, answer: ObservedAnswer, ms: number): void {
    const { cla, ins, p1, p2, data, expected } = command;
    const detail = commandDetail(command);
    this.#add({
      kind: 'command',
      ...this.#common(card.reader, ms),
      name: commandName(command),
      cla: hexByte(cla),
      ins: hexByte(ins),
      p1: hexByte(p1),
      p2: hexByte(p2),
      ...(detail ? { detail } : {}),
      chained: (cla & 0xe0) === 0 && (cla & 0x10) !== 0,
      sent: sentBytes(data),
      expected: expected ?? null,
      ...('failure' in answer ? { failure: answer.failure } : { answer: decoded(answer.bytes) }),
    });
  }

  /** A PKCS#11 function that a module was called for. */
  called(module: string, call: ModuleCall): void {
    this.#add({
      kind: 'module',
      ...this.#common(module, call.ms),
      module,
      function: call.function,
      result: call.result,
    });
  }

  #channel({ reader }: ObservedCard, act: ChannelAct, ms: number, failure?: FailureCode): void {
    this.#add({ kind: 'channel', ...this.#common(reader, ms), act, ...(failure ? { failure } : {}) });
  }

  #common(reader: string, ms: number) {
    this.#number += 1;
    return { number: this.#number, at: this.#now().toISOString(), reader, ms: Math.round(ms * 10) / 10 };
  }

  #add(line: MonitorLine): void {
    if (this.#lines.length < maxMonitorLines) this.#lines.push(line);
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = [];
    if (lines.length > 0) this.#tell(lines);
  }
}

function sentBytes(data: ObservedCommand['data']): number | null {
  if (data === undefined) return 0;
  if (data.kind === 'secret') return null;
  return data.kind === 'open' ? data.bytes.length : data.length;
}

function decoded(bytes: Uint8Array) {
  const status = ((bytes[bytes.length - 2] ?? 0) << 8) | (bytes[bytes.length - 1] ?? 0);
  return {
    received: Math.max(0, bytes.length - 2),
    status: status.toString(16).toUpperCase().padStart(4, '0'),
    ...statusMeaning(status),
  };
}

function hexByte(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}
