/** Turns what happens in the agent into events of the log. What is not asked for here is never looked at. */
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import type { Failure } from '../../../contract/failures/failure.ts';
import type { AgentEvent } from '../../../contract/protocol/messages.ts';
import type { MethodName } from '../../../contract/protocol/methods.ts';
import type { ReadersSnapshot } from '../../readers/reader-service.ts';
import type { TokenSource } from '../../token/identity-token.ts';
import { commandName, statusMeaning } from '../monitor/command-words.ts';
import type { ChannelObserver, ObservedAnswer, ObservedCard } from '../observing/channel-observer.ts';
import type { ObservedCommand } from '../observing/observed-command.ts';
import type { EventLog } from './program-log.ts';

export class LogWriter implements ChannelObserver {
  readonly #log: EventLog;
  /** Names to numbers. */
  readonly #readers = new Map<string, number>();
  #before: ReadersSnapshot = { service: 'running', readers: [] };

  constructor(log: EventLog) {
    this.#log = log;
  }

  readersChanged(snapshot: ReadersSnapshot): void {
    const before = this.#before;
    this.#before = snapshot;
    if (before.service !== snapshot.service) {
      const { failure } = snapshot;
      this.#log.write({
        event: 'service',
        state: snapshot.service,
        ...(failure ? { failure: failure.code } : {}),
      });
    }
    for (const { name, simulated, state } of snapshot.readers) {
      if (before.readers.find((reader) => reader.name === name)?.state === state) continue;
      this.#log.write({ event: 'reader', reader: this.#number(name), simulated, state });
    }
    for (const { name, simulated } of before.readers) {
      if (snapshot.readers.some((reader) => reader.name === name)) continue;
      this.#log.write({ event: 'reader', reader: this.#number(name), simulated, state: 'gone' });
    }
  }

  cardReading(reader: string): void {
    this.#log.write({ event: 'card', act: 'reading', reader: this.#number(reader) });
  }

  cardReady(reader: string, source: TokenSource, certificates: number): void {
    const by = source.startsWith('pkcs11:') ? 'pkcs11' : source.startsWith('profile:') ? 'profile' : 'pkcs15';
    this.#log.write({ event: 'card', act: 'ready', reader: this.#number(reader), by, certificates });
  }

  cardFailed(reader: string, failure: Failure): void {
    this.#log.write({ event: 'card', act: 'failed', reader: this.#number(reader), failure: failure.code });
    this.failed(failure);
  }

  cardRemoved(reader: string): void {
    this.#log.write({ event: 'card', act: 'removed', reader: this.#number(reader) });
  }

  /** Of the agent's own events: session and questions for PINs. */
  announced(event: AgentEvent): void {
    switch (event.kind) {
      case 'session': {
        const { state, wipedBecause } = event.session;
        this.#log.write({ event: 'session', state, ...(wipedBecause ? { because: wipedBecause } : {}) });
        return;
      }
      case 'prompt-open':
        this.#log.write({ event: 'prompt', act: 'open', pin: event.prompt.pin });
        return;
      case 'prompt-close':
        this.#log.write({ event: 'prompt', act: event.outcome });
        return;
      default:
        return;
    }
  }

  requested(method: MethodName, ms: number, failure?: Failure): void {
    this.#log.write({
      event: 'request',
      method,
      ms: Math.round(ms),
      ...(failure ? { failure: failure.code } : {}),
    });
    if (failure) this.failed(failure, method);
  }

  failed(failure: Failure, method?: MethodName): void {
    const { pin, status } = failure.parameters;
    this.#log.write({
      event: 'failure',
      code: failure.code,
      ...(method ? { method } : {}),
      ...(pin === 'PIN1' || pin === 'PIN2' || pin === 'PUK' ? { pin } : {}),
      ...(failure.triesLeft === undefined ? {} : { triesLeft: failure.triesLeft }),
      ...statusOf(status),
    });
  }

  client(act: 'came' | 'left'): void {
    this.#log.write({ event: 'client', act });
  }

  portalHop(host: 'portal' | 'mpass' | 'other', status: number | undefined, ms: number): void {
    this.#log.write({
      event: 'portal',
      host,
      ...(status === undefined ? {} : { status }),
      ms: Math.round(ms),
    });
  }

  exchanged({ reader }: ObservedCard, command: ObservedCommand, answer: ObservedAnswer, ms: number): void {
    this.#log.write({
      event: 'command',
      reader: this.#number(reader),
      name: commandName(command),
      ins: command.ins,
      ms: Math.round(ms),
      ...('failure' in answer ? { failure: answer.failure } : answerOf(answer.bytes)),
    });
  }

  openFailed({ reader }: ObservedCard, failure: FailureCode): void {
    this.#log.write({ event: 'card', act: 'failed', reader: this.#number(reader), failure });
  }

  #number(reader: string): number {
    const number = this.#readers.get(reader) ?? this.#readers.size + 1;
    this.#readers.set(reader, number);
    return number;
  }
}

function answerOf(bytes: Uint8Array) {
  const status = ((bytes[bytes.length - 2] ?? 0) << 8) | (bytes[bytes.length - 1] ?? 0);
  return { received: Math.max(0, bytes.length - 2), status, meaning: statusMeaning(status).meaning };
}

/** A card's status word is told in hex, that of HTTP as a number. */
function statusOf(status: string | number | undefined): { status?: number } {
  if (typeof status === 'number' && status >= 0 && status <= 0xffff) return { status };
  if (typeof status === 'string' && /^[0-9A-F]{4}$/.test(status))
    return { status: Number.parseInt(status, 16) };
  return {};
}
