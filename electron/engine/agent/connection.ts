/** One client on one stream: checks what it says, and says what happens. */
import type { Duplex } from 'node:stream';
import { asFailure, Failure } from '../../contract/failures/failure.ts';
import { failureToWire } from '../../contract/model/failure.ts';
import { FrameReader, maxClientFrame, writeFrame } from '../../contract/protocol/framing.ts';
import {
  type AgentEvent,
  type AgentMessage,
  type ClientMessage,
  clientMessageSchema,
} from '../../contract/protocol/messages.ts';
import type { OperationOutcome } from './operations.ts';

/** What a connection needs from the agent behind it. */
export interface ConnectionHost {
  readonly agentId: string;
  /** Whether this connection key is the right one (always, on an inherited pipe). */
  admits(key: string): boolean;
  /** The client is known from now on; returns what it must know. */
  join(connection: Connection): Extract<AgentMessage, { type: 'welcome' }>;
  leave(connection: Connection): void;
  request(owner: string, message: Extract<ClientMessage, { type: 'request' }>): Promise<OperationOutcome>;
  find(id: string, owner: string): Promise<OperationOutcome> | undefined;
  delivered(id: string): void;
  cancel(id: string, owner: string): void;
}

/** A client that does not say hello in this time is shown out. */
const helloTimeoutMs = 5_000;

export class Connection {
  clientId = '';
  graceMs = 0;
  readonly #stream: Duplex;
  readonly #host: ConnectionHost;
  readonly #reader = new FrameReader(maxClientFrame);
  readonly #helloTimer: NodeJS.Timeout;
  #greeted = false;

  constructor(stream: Duplex, host: ConnectionHost) {
    this.#stream = stream;
    this.#host = host;
    this.#helloTimer = setTimeout(() => stream.destroy(), helloTimeoutMs);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', () => stream.destroy());
    stream.once('close', () => {
      clearTimeout(this.#helloTimer);
      if (this.#greeted) host.leave(this);
    });
  }

  event(seq: number, event: AgentEvent): void {
    this.#send({ type: 'event', seq, event });
  }

  close(): void {
    this.#stream.end();
  }

  #send(message: AgentMessage): void {
    writeFrame(this.#stream, message);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk))
        this.#handle(clientMessageSchema.parse(JSON.parse(frame.toString('utf8'))));
    } catch {
      // What breaks the protocol is not one of our clients: nothing is answered, nothing of it is kept.
      this.#stream.destroy();
    }
  }

  #handle(message: ClientMessage): void {
    if (message.type === 'hello') {
      if (this.#greeted || !this.#host.admits(message.key)) {
        this.#stream.destroy();
        return;
      }
      clearTimeout(this.#helloTimer);
      this.#greeted = true;
      this.clientId = message.clientId;
      this.graceMs = message.graceMs;
      this.#send(this.#host.join(this));
      return;
    }
    if (!this.#greeted) {
      this.#stream.destroy();
      return;
    }
    switch (message.type) {
      case 'request':
        this.#answer(message.id, () => this.#host.request(this.clientId, message));
        break;
      case 'await':
        this.#answer(message.id, async () => {
          const outcome = this.#host.find(message.id, this.clientId);
          return (
            outcome ?? { ok: false, failure: new Failure('agent-lost', { detail: 'operation not known' }) }
          );
        });
        break;
      case 'cancel':
        this.#host.cancel(message.id, this.clientId);
        break;
    }
  }

  #answer(id: string, work: () => Promise<OperationOutcome>): void {
    void (async () => {
      let outcome: OperationOutcome;
      try {
        outcome = await work();
      } catch (thrown) {
        outcome = { ok: false, failure: asFailure(thrown) };
      }
      if (this.#stream.destroyed) return;
      if (outcome.ok) this.#send({ type: 'result', id, result: outcome.result });
      else this.#send({ type: 'failure', id, failure: failureToWire(outcome.failure) });
      this.#host.delivered(id);
    })();
  }
}
