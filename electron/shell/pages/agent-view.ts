/** What the windows know of the agent: the last snapshot, brought up to date by every event. */
import { EventEmitter } from 'node:events';
import type { RequestOptions } from '../../client/agent-client.ts';
import type { AgentEvent, AgentSnapshot } from '../../contract/protocol/messages.ts';
import type { MethodName, MethodParams, MethodResult } from '../../contract/protocol/methods.ts';

/** The part of the agent's supervisor that the windows need. */
export interface SupervisedAgent {
  /** @throws Failure `agent-lost` while there is no agent */
  readonly client: {
    request<M extends MethodName>(
      method: M,
      params: MethodParams<M>,
      options?: RequestOptions,
    ): Promise<MethodResult<M>>;
  };
  on(name: 'event', listener: (event: AgentEvent) => void): unknown;
  on(name: 'up', listener: (snapshot: AgentSnapshot, restarts: number) => void): unknown;
  on(name: 'down', listener: (final: boolean) => void): unknown;
}

interface AgentViewEvents {
  event: [event: AgentEvent];
  up: [snapshot: AgentSnapshot, restarts: number];
  down: [final: boolean];
}

export class AgentView extends EventEmitter<AgentViewEvents> {
  readonly #agent: SupervisedAgent;
  #snapshot: AgentSnapshot | null = null;

  /** Must be made before the agent is started: it learns what there is from the first `up`. */
  constructor(agent: SupervisedAgent) {
    super();
    // One listener for each open page and those of the shell.
    this.setMaxListeners(64);
    this.#agent = agent;
    agent.on('up', (snapshot, restarts) => {
      this.#snapshot = snapshot;
      this.emit('up', snapshot, restarts);
    });
    agent.on('down', (final) => {
      this.#snapshot = null;
      this.emit('down', final);
    });
    agent.on('event', (event) => {
      if (this.#snapshot) this.#snapshot = withEvent(this.#snapshot, event);
      this.emit('event', event);
    });
  }

  /** The whole state as it is now, or null while there is no agent. */
  get snapshot(): AgentSnapshot | null {
    return this.#snapshot;
  }

  /** Asks the agent. @throws Failure `agent-lost` while there is none, and when it dies meanwhile */
  async request<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    options: RequestOptions = {},
  ): Promise<MethodResult<M>> {
    return this.#agent.client.request(method, params, options);
  }
}

/** The state after an event: every event carries the whole of what it is about. */
function withEvent(snapshot: AgentSnapshot, event: AgentEvent): AgentSnapshot {
  switch (event.kind) {
    case 'readers':
      return { ...snapshot, service: event.service, readers: event.readers };
    case 'token': {
      const { problem: _, ...rest } = snapshot;
      return {
        ...rest,
        reader: event.reader,
        token: event.token,
        ...(event.problem === undefined ? {} : { problem: event.problem }),
      };
    }
    case 'session':
      return { ...snapshot, session: event.session };
    case 'prompt-open':
      return { ...snapshot, prompts: [...snapshot.prompts, event.prompt] };
    case 'prompt-close':
      return {
        ...snapshot,
        prompts: snapshot.prompts.filter(({ promptId }) => promptId !== event.promptId),
      };
    case 'training': {
      const { training: _, ...rest } = snapshot;
      return event.training === null ? rest : { ...rest, training: event.training };
    }
    case 'operation':
    case 'monitor':
      return snapshot;
  }
}
