import type { AgentEvent } from '../../contract/protocol/messages.ts';
import type { Connection } from './connection.ts';

/** Who is connected to the agent, who may come back, and the events they are told. */
export class AgentClients {
  readonly #connections = new Set<Connection>();
  readonly #absent = new Map<string, NodeJS.Timeout>();
  readonly #abandoned: (client: string) => void;
  #lastEvent = 0;

  /** @param abandoned called when a client is gone for good */
  constructor(abandoned: (client: string) => void) {
    this.#abandoned = abandoned;
  }

  /** Number of the last event that was told. */
  get lastEvent(): number {
    return this.#lastEvent;
  }

  join(connection: Connection): void {
    clearTimeout(this.#absent.get(connection.clientId));
    this.#absent.delete(connection.clientId);
    this.#connections.add(connection);
  }

  /** The connection is lost; its client may come back within the time it asked for. */
  leave(connection: Connection): void {
    this.#connections.delete(connection);
    const { clientId, graceMs } = connection;
    if ([...this.#connections].some((other) => other.clientId === clientId)) return;
    if (graceMs === 0) {
      this.#abandoned(clientId);
      return;
    }
    const timer = setTimeout(() => {
      this.#absent.delete(clientId);
      this.#abandoned(clientId);
    }, graceMs);
    timer.unref();
    this.#absent.set(clientId, timer);
  }

  broadcast(event: AgentEvent): void {
    this.#lastEvent += 1;
    for (const connection of this.#connections) connection.event(this.#lastEvent, event);
  }

  /** Tells one client alone. */
  tell(clientId: string, event: AgentEvent): void {
    this.#lastEvent += 1;
    for (const connection of this.#connections) {
      if (connection.clientId === clientId) connection.event(this.#lastEvent, event);
    }
  }

  close(): void {
    for (const timer of this.#absent.values()) clearTimeout(timer);
    for (const connection of this.#connections) connection.close();
  }
}
