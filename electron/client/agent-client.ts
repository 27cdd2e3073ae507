/**
 * The agent's client for programs that run on Node: the command line and the windows' hosts. It speaks the
 * contract over one stream, checks every answer, and keeps nothing but what is under way.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { Failure } from '../contract/failures/failure.ts';
import { failureFromWire } from '../contract/model/failure.ts';
import { FrameReader, maxAgentFrame, writeFrame } from '../contract/protocol/framing.ts';
import {
  type AgentEvent,
  type AgentMessage,
  type AgentSnapshot,
  agentMessageSchema,
  type ClientMessage,
  protocolVersion,
} from '../contract/protocol/messages.ts';
import {
  type MethodName,
  type MethodParams,
  type MethodResult,
  methods,
} from '../contract/protocol/methods.ts';

export interface ClientOptions {
  /** Keep the id over a restart of the client to get back what was under way. */
  readonly clientId?: string;
  readonly connectionKey?: string;
  /** How long the agent keeps this client's operations going after the connection is lost, in ms. */
  readonly graceMs?: number;
  /** Hears every event from the first one on, which may come in the same breath as the welcome. */
  readonly onEvent?: (event: AgentEvent) => void;
}

interface Waiting {
  readonly method: MethodName | undefined;
  resolve(result: unknown): void;
  reject(failure: Failure): void;
}

interface ClientEventMap {
  event: [event: AgentEvent, seq: number];
  /** The agent or the connection is gone; everything under way has been rejected with `agent-lost`. */
  lost: [];
}

export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** The operation's id, for a client that wants to ask for the answer after a restart. */
  readonly id?: string;
}

export class AgentClient extends EventEmitter<ClientEventMap> {
  readonly #stream: Duplex;
  readonly #reader = new FrameReader(maxAgentFrame);
  readonly #waiting = new Map<string, Waiting>();
  readonly #welcome = Promise.withResolvers<Extract<AgentMessage, { type: 'welcome' }>>();
  #lost = false;

  private constructor(stream: Duplex, options: ClientOptions) {
    super();
    this.#stream = stream;
    this.#welcome.promise.catch(() => undefined);
    if (options.onEvent) this.on('event', options.onEvent);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('error', () => stream.destroy());
    stream.once('close', () => this.#lose());
    this.#send({
      type: 'hello',
      version: protocolVersion,
      clientId: options.clientId ?? randomUUID(),
      key: options.connectionKey ?? '',
      graceMs: options.graceMs ?? 0,
    });
  }

  /** Says hello and waits for the agent's welcome. @throws Failure `agent-lost` when the agent does not want us */
  static async connect(
    stream: Duplex,
    options: ClientOptions = {},
  ): Promise<{ client: AgentClient; agentId: string; snapshot: AgentSnapshot }> {
    const client = new AgentClient(stream, options);
    const { agentId, snapshot } = await client.#welcome.promise;
    return { client, agentId, snapshot };
  }

  /** Asks the agent and waits for the answer; an aborted signal cancels the operation in the agent too. */
  async request<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    options: RequestOptions = {},
  ): Promise<MethodResult<M>> {
    const id = options.id ?? randomUUID();
    const answer = this.#wait(id, method);
    this.#send({ type: 'request', id, method, params: params as Record<string, unknown> });
    const cancel = () => this.#send({ type: 'cancel', id });
    options.signal?.addEventListener('abort', cancel, { once: true });
    if (options.signal?.aborted) cancel();
    try {
      return (await answer) as MethodResult<M>;
    } finally {
      options.signal?.removeEventListener('abort', cancel);
    }
  }

  /** The answer of an operation that was started over an earlier connection with the same client id. */
  async resume<M extends MethodName>(id: string, method: M): Promise<MethodResult<M>> {
    const answer = this.#wait(id, method);
    this.#send({ type: 'await', id });
    return (await answer) as MethodResult<M>;
  }

  close(): void {
    this.#stream.destroy();
  }

  #wait(id: string, method: MethodName): Promise<unknown> {
    if (this.#lost) return Promise.reject(new Failure('agent-lost'));
    return new Promise((resolve, reject) => this.#waiting.set(id, { method, resolve, reject }));
  }

  #send(message: ClientMessage): void {
    writeFrame(this.#stream, message);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk))
        this.#handle(agentMessageSchema.parse(JSON.parse(frame.toString('utf8'))));
    } catch (cause) {
      // An agent that breaks the contract cannot be trusted with the next message either.
      this.#lose(
        new Failure('contract-violation', { cause, detail: cause instanceof Error ? cause.message : '' }),
      );
      this.#stream.destroy();
    }
  }

  #handle(message: AgentMessage): void {
    switch (message.type) {
      case 'welcome':
        this.#welcome.resolve(message);
        break;
      case 'refused':
        this.#lose(failureFromWire(message.failure));
        break;
      case 'event':
        this.emit('event', message.event, message.seq);
        break;
      case 'result': {
        const waiting = this.#take(message.id);
        if (!waiting?.method) break;
        const parsed = methods[waiting.method].result.safeParse(message.result);
        if (parsed.success) waiting.resolve(parsed.data);
        else
          waiting.reject(
            new Failure('contract-violation', { detail: `${waiting.method}: ${parsed.error.message}` }),
          );
        break;
      }
      case 'failure':
        this.#take(message.id)?.reject(failureFromWire(message.failure));
        break;
    }
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #lose(failure = new Failure('agent-lost')): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#welcome.reject(failure);
    for (const waiting of this.#waiting.values()) waiting.reject(failure);
    this.#waiting.clear();
    this.emit('lost');
  }
}
