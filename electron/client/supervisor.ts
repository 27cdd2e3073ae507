/**
 * Keeps an agent running: starts it, notices its death, starts it again, and lets its owner say what happened.
 * Nothing that was under way is repeated: whoever asked decides, because a repeat could cost a PIN try.
 */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { Failure } from '../contract/failures/failure.ts';
import type { AgentEvent, AgentSnapshot } from '../contract/protocol/messages.ts';
import { AgentClient } from './agent-client.ts';
import { type AgentArguments, spawnAgent } from './agent-process.ts';

interface SupervisorEventMap {
  event: [event: AgentEvent];
  /** A (new) agent is there; the snapshot replaces everything known before. */
  up: [snapshot: AgentSnapshot, restarts: number];
  /** The agent died. It is being started again, unless `final`. */
  down: [final: boolean];
}

/** Pauses before the next start in ms; after the last one in vain the supervisor gives up. */
const pausesMs = [0, 100, 500, 2_000, 5_000];
/** An agent that has lived this long was healthy: the pauses start over. */
const healthyAfterMs = 10_000;

export class AgentSupervisor extends EventEmitter<SupervisorEventMap> {
  readonly #arguments: AgentArguments;
  readonly #clientId = randomUUID();
  #client: AgentClient | null = null;
  #process: ChildProcess | null = null;
  #stopped = false;
  #restarts = 0;
  #inVain = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AgentArguments) {
    super();
    this.#arguments = options;
  }

  /** The agent's process id, while there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The connected client. @throws Failure `agent-lost` while there is no agent */
  get client(): AgentClient {
    if (!this.#client) throw new Failure('agent-lost');
    return this.#client;
  }

  /**
   * Starts the agent and resolves when it has answered.
   * @throws Failure `agent-lost` when it is not wanted any more: whoever closed before it came must not leave it behind
   */
  async start(): Promise<AgentSnapshot> {
    if (this.#stopped) throw new Failure('agent-lost');
    const startedAt = Date.now();
    const { process: child, stream } = spawnAgent(this.#arguments);
    this.#process = child;
    child.once('error', () => stream.destroy());
    // What comes in the same breath as the welcome is told after it.
    const early: AgentEvent[] = [];
    let tell = (event: AgentEvent): void => void early.push(event);
    const { client, snapshot } = await AgentClient.connect(stream, {
      clientId: this.#clientId,
      onEvent: (event) => tell(event),
    });
    this.#client = client;
    client.once('lost', () => this.#lost(startedAt));
    this.emit('up', snapshot, this.#restarts);
    tell = (event) => this.emit('event', event);
    for (const event of early) tell(event);
    return snapshot;
  }

  /** Ends the agent: the closing pipe tells it to wipe and go. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#process;
    this.#client?.close();
    this.#client = null;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const killer = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await gone;
      clearTimeout(killer);
    }
  }

  #lost(startedAt: number): void {
    this.#client = null;
    if (this.#stopped) return;
    this.#process?.kill('SIGKILL');
    this.#inVain = Date.now() - startedAt >= healthyAfterMs ? 0 : this.#inVain + 1;
    this.#again();
  }

  #again(): void {
    const pause = pausesMs[this.#inVain === 0 ? 0 : this.#inVain - 1];
    this.emit('down', pause === undefined);
    if (pause === undefined) return;
    this.#restarts += 1;
    this.#timer = setTimeout(() => {
      this.start().catch(() => {
        this.#inVain += 1;
        if (!this.#stopped) this.#again();
      });
    }, pause);
  }
}
