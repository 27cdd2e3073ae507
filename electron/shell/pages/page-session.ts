/**
 * The shell's end of one page: checks everything that the page says, lets through what that kind of page may ask,
 * and tells it what it may know. Both hosts use it; they only carry texts.
 *
 * A page is never trusted: it is the place where content of cards, portals and documents is drawn.
 */
import { randomUUID } from 'node:crypto';
import { asFailure, Failure } from '../../contract/failures/failure.ts';
import { failureToWire } from '../../contract/model/failure.ts';
import type { PinPrompt } from '../../contract/model/status.ts';
import { type HostMethodName, hostMethods } from '../../contract/pages/host-methods.ts';
import {
  type HostMessage,
  maxPageMessage,
  type PageKind,
  type PageMessage,
  type PageMethodName,
  pageAgentMethods,
  pageAgentParams,
  pageMessageSchema,
} from '../../contract/pages/page-messages.ts';
import type { AgentEvent, AgentSnapshot } from '../../contract/protocol/messages.ts';
import { type MethodName, type MethodParams, methods } from '../../contract/protocol/methods.ts';
import type { AgentView } from './agent-view.ts';
import { FloodGate, maxJsonDepth, maxRequestsInFlight, nestsAtMost } from './page-limits.ts';
import type { HostPort, ShellLog, ShellServices, WindowHandle } from './shell-services.ts';

export interface PageSessionOptions {
  readonly kind: PageKind;
  readonly port: HostPort;
  readonly agent: AgentView;
  readonly shell: ShellServices;
  /** The question of a pin page. */
  readonly prompt?: PinPrompt;
  /** The page's window, for dialogs. */
  readonly window?: WindowHandle;
  /** The page runs, and has been told everything there is to know. */
  readonly onGreeted?: () => void;
  readonly log?: ShellLog;
  /** Milliseconds, for tests of the limits. */
  readonly now?: () => number;
}

interface Running {
  readonly abort: AbortController;
  /** The id under which the agent knows it. Pages choose their ids themselves: two could choose the same. */
  readonly operationId: string;
}

export class PageSession {
  readonly #options: PageSessionOptions;
  readonly #gate: FloodGate;
  readonly #running = new Map<string, Running>();
  readonly #undo: (() => void)[] = [];
  #greeted = false;
  #closed = false;
  #refused = 0;
  #logTimer: NodeJS.Timeout | undefined;

  constructor(options: PageSessionOptions) {
    if ((options.kind === 'pin') !== (options.prompt !== undefined))
      throw new TypeError('a pin page has a prompt, and no other page has one');
    this.#options = options;
    this.#gate = new FloodGate(options.now);
    const { agent, port, shell } = options;
    const onEvent = (event: AgentEvent) => this.#event(event);
    const onUp = (snapshot: AgentSnapshot, restarts: number) => this.#up(snapshot, restarts);
    const onDown = (final: boolean) => this.#tell({ type: 'agent-down', final });
    agent.on('event', onEvent).on('up', onUp).on('down', onDown);
    this.#undo.push(() => agent.off('event', onEvent).off('up', onUp).off('down', onDown));
    this.#undo.push(shell.onSettings((settings) => this.#tell({ type: 'settings', settings })));
    port.onMessage((message) => this.#receive(message));
    port.onClose(() => this.close());
  }

  get kind(): PageKind {
    return this.#options.kind;
  }

  /** The page is gone: what it asked for is cancelled, nothing more is said. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const undo of this.#undo) undo();
    for (const { abort } of this.#running.values()) abort.abort();
    this.#running.clear();
    clearTimeout(this.#logTimer);
    this.#logRefused('');
  }

  /** Says something to the page that it did not ask for. A page that has not said hello learns it by the welcome. */
  tell(message: HostMessage): void {
    this.#tell(message);
  }

  #tell(message: HostMessage): void {
    if (this.#greeted && !this.#closed) this.#options.port.send(JSON.stringify(message));
  }

  #receive(raw: unknown): void {
    if (this.#closed) return;
    const message = this.#read(raw);
    if (typeof message === 'string') this.#refuse(message);
    else this.#handle(message);
  }

  /** The message, or why it is none. */
  #read(raw: unknown): PageMessage | string {
    if (typeof raw !== 'string') return 'not a text';
    if (!this.#gate.admits(Math.min(raw.length, maxPageMessage))) return 'too many';
    if (raw.length > maxPageMessage) return 'too long';
    if (!raw.startsWith('{')) return 'not a JSON object';
    if (!nestsAtMost(raw, maxJsonDepth)) return 'nested too deeply';
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      return 'not JSON';
    }
    const parsed = pageMessageSchema.safeParse(value);
    return parsed.success ? parsed.data : 'not of the contract';
  }

  #handle(message: PageMessage): void {
    switch (message.type) {
      case 'hello':
        this.#greeted = true;
        this.#welcome();
        this.#options.onGreeted?.();
        break;
      case 'cancel':
        this.#running.get(message.id)?.abort.abort();
        break;
      case 'request':
        if (this.#greeted) void this.#request(message);
        else this.#refuse('a request before hello');
        break;
    }
  }

  #welcome(): void {
    const { agent, kind, prompt, shell } = this.#options;
    const common = { type: 'welcome', page: kind, host: shell.host, settings: shell.settings } as const;
    if (kind === 'pin' && prompt) this.#tell({ ...common, snapshot: null, prompt });
    else
      this.#tell({
        ...common,
        snapshot: agent.snapshot === null ? null : this.#mainSnapshot(agent.snapshot),
      });
  }

  async #request({ id, method, params }: Extract<PageMessage, { type: 'request' }>): Promise<void> {
    if (this.#running.has(id)) return this.#refuse('an id that is in use');
    if (this.#running.size >= maxRequestsInFlight) {
      this.#refuse('too much under way');
      return this.#fail(id, new Failure('agent-busy'));
    }
    const running: Running = { abort: new AbortController(), operationId: randomUUID() };
    this.#running.set(id, running);
    try {
      const result = await this.#perform(method, params, running);
      this.#tell({ type: 'result', id, result });
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === 'internal') this.#log(`${method} failed: ${nameOf(failure.cause)}`);
      this.#fail(id, failure);
    } finally {
      this.#running.delete(id);
    }
  }

  #perform(method: PageMethodName, params: unknown, running: Running): Promise<unknown> {
    const { agent, kind, shell, window } = this.#options;
    const { signal } = running.abort;
    if (isHostMethod(method)) {
      if (kind !== 'main') throw this.#notAllowed(method);
      const parsed = hostMethods[method].params.safeParse(params);
      if (!parsed.success) throw this.#malformed(method);
      return shell.call(method, parsed.data as never, window, signal);
    }
    if (!(pageAgentMethods[kind] as readonly MethodName[]).includes(method)) throw this.#notAllowed(method);
    const parsed = (pageAgentParams[method] ?? methods[method].params).safeParse(params);
    if (!parsed.success) throw this.#malformed(method);
    if (kind === 'pin' && !this.#isOwnPrompt(parsed.data)) throw this.#notAllowed(method);
    return agent.request(method, parsed.data as MethodParams<typeof method>, {
      signal,
      id: running.operationId,
    });
  }

  /** A PIN window answers the one question it was opened for. */
  #isOwnPrompt(params: object): boolean {
    return 'promptId' in params && params.promptId === this.#options.prompt?.promptId;
  }

  #notAllowed(method: PageMethodName): Failure {
    this.#refuse(`not for this page: ${method}`);
    return new Failure('contract-violation', { detail: `${this.kind} page: ${method}` });
  }

  #malformed(method: PageMethodName): Failure {
    this.#refuse(`parameters of ${method}`);
    return new Failure('contract-violation', { detail: `parameters of ${method}` });
  }

  #fail(id: string, failure: Failure): void {
    this.#tell({ type: 'failure', id, failure: failureToWire(failure) });
  }

  #up(snapshot: AgentSnapshot, restarts: number): void {
    // A pin page's question died with the agent that asked it.
    if (this.kind === 'main')
      this.#tell({ type: 'agent-up', snapshot: this.#mainSnapshot(snapshot), restarts });
  }

  #event(event: AgentEvent): void {
    if (this.kind === 'main') this.#tell({ type: 'event', event: this.#mainEvent(event) });
    else if (event.kind === 'prompt-close' && event.promptId === this.#options.prompt?.promptId)
      this.#tell({ type: 'event', event });
  }

  #mainSnapshot(snapshot: AgentSnapshot): AgentSnapshot {
    return {
      ...snapshot,
      prompts: snapshot.prompts.map((prompt) => this.#mainPrompt(prompt)),
      operations: [],
    };
  }

  #mainEvent(event: AgentEvent): AgentEvent {
    if (event.kind === 'prompt-open') return { ...event, prompt: this.#mainPrompt(event.prompt) };
    if (event.kind === 'operation') return { ...event, operationId: this.#pageId(event.operationId) };
    return event;
  }

  /** The question as a main page may know it: without the key, nothing can be sealed for it there. */
  #mainPrompt(prompt: PinPrompt): PinPrompt {
    return { ...prompt, operationId: this.#pageId(prompt.operationId), publicKey: '' };
  }

  /** A page knows its operations by the ids of its requests. */
  #pageId(operationId: string): string {
    for (const [id, running] of this.#running) if (running.operationId === operationId) return id;
    return operationId;
  }

  /** Drops a message. The log says that and why, at most once a second, and never what was in it. */
  #refuse(why: string): void {
    this.#refused += 1;
    if (this.#logTimer !== undefined) return;
    this.#logRefused(why);
    this.#logTimer = setTimeout(() => {
      this.#logTimer = undefined;
      this.#logRefused('');
    }, 1_000);
    this.#logTimer.unref();
  }

  #logRefused(why: string): void {
    if (this.#refused === 0) return;
    const count = this.#refused === 1 ? 'a message' : `${this.#refused} messages`;
    this.#log(`refused ${count}${why === '' ? '' : `: ${why}`}`);
    this.#refused = 0;
  }

  #log(line: string): void {
    (this.#options.log ?? ((text) => void process.stderr.write(`buletin: ${text}\n`)))(
      `${this.kind} page: ${line}`,
    );
  }
}

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : typeof thrown);

const isHostMethod = (method: PageMethodName): method is HostMethodName => Object.hasOwn(hostMethods, method);
