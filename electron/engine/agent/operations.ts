/**
 * Operations: the requests under way, whom they belong to, and their answers kept for a client that lost its
 * connection for a moment. The same request id never runs twice.
 */
import { asFailure, Failure } from '../../contract/failures/failure.ts';
import type { MethodName } from '../../contract/protocol/methods.ts';

export type OperationOutcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly failure: Failure };

export interface OperationContext {
  readonly operationId: string;
  readonly owner: string;
  readonly signal: AbortSignal;
}

interface Operation {
  readonly id: string;
  readonly owner: string;
  readonly method: MethodName;
  readonly abort: AbortController;
  readonly outcome: Promise<OperationOutcome>;
  state: 'running' | 'done' | 'failed';
}

/** How many ended operations a client may have waiting for it. */
const maxKept = 32;
/** Requests under way at once, of all clients. */
const maxRunning = 64;

export class Operations {
  readonly #operations = new Map<string, Operation>();

  /**
   * Runs a request, or joins it when this id already runs or has ended and not been fetched.
   * @throws Failure `agent-busy` when too much is under way; `contract-violation` for another client's id
   */
  run(
    id: string,
    owner: string,
    method: MethodName,
    work: (context: OperationContext) => Promise<unknown>,
  ): Promise<OperationOutcome> {
    const known = this.#operations.get(id);
    if (known) {
      if (known.owner !== owner || known.method !== method) throw new Failure('contract-violation');
      return known.outcome;
    }
    if ([...this.#operations.values()].filter((o) => o.state === 'running').length >= maxRunning) {
      throw new Failure('agent-busy');
    }
    const abort = new AbortController();
    const outcome = work({ operationId: id, owner, signal: abort.signal }).then(
      (result): OperationOutcome => {
        operation.state = 'done';
        return { ok: true, result };
      },
      (thrown): OperationOutcome => {
        operation.state = 'failed';
        return { ok: false, failure: asFailure(thrown) };
      },
    );
    const operation: Operation = { id, owner, method, abort, outcome, state: 'running' };
    this.#operations.set(id, operation);
    this.#trim(owner);
    return outcome;
  }

  /** The answer of an operation of this client's, or undefined when nothing is known of it. */
  find(id: string, owner: string): Promise<OperationOutcome> | undefined {
    const operation = this.#operations.get(id);
    return operation?.owner === owner ? operation.outcome : undefined;
  }

  ofOwner(owner: string): { operationId: string; method: MethodName; state: Operation['state'] }[] {
    return [...this.#operations.values()]
      .filter((operation) => operation.owner === owner)
      .map(({ id, method, state }) => ({ operationId: id, method, state }));
  }

  /** The answer has reached its client: nothing of it is kept. */
  delivered(id: string): void {
    this.#operations.delete(id);
  }

  cancel(id: string, owner: string): void {
    const operation = this.#operations.get(id);
    if (operation?.owner === owner) operation.abort.abort();
  }

  /** The client is gone for good. */
  abandon(owner: string): void {
    for (const operation of [...this.#operations.values()]) {
      if (operation.owner !== owner) continue;
      operation.abort.abort();
      void operation.outcome.finally(() => this.#operations.delete(operation.id));
    }
  }

  /** Forgets answers that wait for a client: called when personal data must go. */
  forgetAnswers(): void {
    for (const operation of [...this.#operations.values()]) {
      if (operation.state !== 'running') this.#operations.delete(operation.id);
    }
  }

  /** Cancels everything and waits until it has ended. */
  async close(): Promise<void> {
    const all = [...this.#operations.values()];
    for (const operation of all) operation.abort.abort();
    await Promise.all(all.map((operation) => operation.outcome));
    this.#operations.clear();
  }

  #trim(owner: string): void {
    const ended = [...this.#operations.values()].filter((o) => o.owner === owner && o.state !== 'running');
    for (const operation of ended.slice(0, Math.max(0, ended.length - maxKept)))
      this.#operations.delete(operation.id);
  }
}
