import { createContext, useContext } from 'react';
import { z } from 'zod';
import { Failure } from '../../electron/contract/failures/failure.ts';
import { failureFromWire } from '../../electron/contract/model/failure.ts';
import {
  hostMessageSchema,
  type PageMessage,
  type PageMethodName,
  type PageParams,
  type PagePort,
  type PageResult,
} from '../../electron/contract/pages/page-messages.ts';
import type { DataService } from '../../electron/contract/portal/services.ts';
import type { AgentEvent } from '../../electron/contract/protocol/messages.ts';
import { checkedResult } from './check-result.ts';
import { stateAfter } from './store-messages.ts';
import type { DataState, WindowStore } from './window-store.ts';

// Compiled schemas are made with `new Function`, which the content security policy forbids.
z.config({ jitless: true });

/** How long a cancelled request is still waited for: what it came to should be known. */
const cancelGraceMs = 3_000;

interface Pending {
  readonly method: PageMethodName;
  readonly settle: (message: { result: unknown } | { failure: Failure }) => void;
}

export interface RequestOptions {
  /** Cancels the request; it then fails with `cancelled`, or succeeds when it was too late. */
  readonly signal?: AbortSignal;
}

/** The window's end of the talk with its host: requests out, state in. */
export class HostLink {
  readonly #port: PagePort;
  readonly #store: WindowStore;
  readonly #pending = new Map<string, Pending>();
  readonly #listeners = new Set<(event: AgentEvent) => void>();

  constructor(port: PagePort, store: WindowStore) {
    this.#port = port;
    this.#store = store;
  }

  /** Says hello; the host answers with everything there is to know. */
  start(): void {
    this.#port.onMessage((text) => this.#take(text));
    this.#send({ type: 'hello' });
  }

  /** Calls with each event of the agent, after the store has heard it; returns how to stop that. */
  onEvent(listener: (event: AgentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Asks the agent or the host for something.
   * @throws Failure whatever went wrong, `contract-violation` for an answer that is none
   */
  request<M extends PageMethodName>(
    method: M,
    params: PageParams<M>,
    { signal }: RequestOptions = {},
  ): Promise<PageResult<M>> {
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(new Failure('cancelled'));
        return;
      }
      const cancel = () => {
        this.#send({ type: 'cancel', id });
        setTimeout(() => this.#pending.get(id)?.settle({ failure: new Failure('cancelled') }), cancelGraceMs);
      };
      this.#pending.set(id, {
        method,
        settle: (outcome) => {
          this.#pending.delete(id);
          signal?.removeEventListener('abort', cancel);
          if ('failure' in outcome) {
            reject(outcome.failure);
            return;
          }
          resolve(checkedResult(method, outcome.result));
        },
      });
      signal?.addEventListener('abort', cancel);
      this.#send({ type: 'request', id, method, params: params as Record<string, unknown> });
    });
  }

  /**
   * Reads a data service into the store, unless it is there or on its way. An answer that comes after its person
   * has gone is dropped.
   */
  async readData(service: DataService, { again = false, signal }: RequestOptions & { again?: boolean } = {}) {
    const { personal, epoch } = this.#store.get();
    const known = personal?.data[service];
    if (personal === null || known?.state === 'loading' || (known?.state === 'ready' && !again)) return;
    const put = (data: DataState) =>
      this.#store.update((state) =>
        state.epoch !== epoch || state.personal === null
          ? {}
          : { personal: { ...state.personal, data: { ...state.personal.data, [service]: data } } },
      );
    put({ state: 'loading' });
    try {
      const answer = await this.request('data.read', { service }, signal === undefined ? {} : { signal });
      put({ state: 'ready', answer });
    } catch (failure) {
      put({ state: 'failed', failure: failure instanceof Failure ? failure : new Failure('internal') });
    }
  }

  #send(message: PageMessage): void {
    this.#port.send(JSON.stringify(message));
  }

  #take(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    const parsed = hostMessageSchema.safeParse(message);
    if (!parsed.success) {
      console.error('a message of the host was not understood');
      return;
    }
    const { data } = parsed;
    if (data.type === 'result') this.#pending.get(data.id)?.settle({ result: data.result });
    else if (data.type === 'failure')
      this.#pending.get(data.id)?.settle({ failure: failureFromWire(data.failure) });
    else {
      // State first: what must leave the screen does so before anything else happens.
      this.#store.update((state) => stateAfter(data, state));
      if (data.type === 'agent-down') this.#agentLost();
      if (data.type === 'event') for (const listener of [...this.#listeners]) listener(data.event);
    }
  }

  /** What the agent was asked fails at once; the host still answers what it was asked itself. */
  #agentLost(): void {
    for (const pending of [...this.#pending.values()]) {
      if (!pending.method.startsWith('host.')) pending.settle({ failure: new Failure('agent-lost') });
    }
  }
}

export const LinkContext = createContext<HostLink | null>(null);

/** The link to the host. */
export function useLink(): HostLink {
  const link = useContext(LinkContext);
  if (link === null) throw new Error('outside of a window');
  return link;
}
