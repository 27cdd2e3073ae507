import { DatabaseSync } from 'node:sqlite';
import type { Registration, RegistrationSuggestion } from '../../../contract/portal/registration.ts';
import type { DataService } from '../../../contract/portal/services.ts';
import { Handles } from '../handles.ts';
import { ReplayStore } from '../replay-store.ts';
import { fingerprint } from '../secrets.ts';

/** What the registers hold: for each service the items of each person, by IDNP. */
export type Registers = Readonly<Record<DataService, Readonly<Record<string, readonly object[]>>>>;

/** Someone signed in. */
export interface SiteSession {
  readonly idnp: string;
  /** As the provider writes it. */
  readonly name: string;
  /** The provider's name for the session, for single logout. */
  readonly sessionIndex: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** What the provider told, as a suggestion for the registration. */
  readonly suggestion: RegistrationSuggestion;
}

interface States {
  /** By the cookie that a sign-in under way has. */
  readonly login: { readonly requestId: string; readonly relayState: string };
  /** By the ID of our LogoutRequest. */
  readonly logout: { readonly relayState: string };
}

/** The e-services site's memory: registers, registrations, sign-ins under way, sessions. */
export class SiteStore {
  readonly #db = new DatabaseSync(':memory:');
  readonly handles: Handles<States>;
  readonly used: ReplayStore;

  constructor(registers: Registers, now: () => number) {
    this.handles = new Handles(this.#db);
    this.used = new ReplayStore(this.#db, now);
    this.#db.exec(`
      CREATE TABLE item (
        service TEXT NOT NULL, idnp TEXT NOT NULL, position INTEGER NOT NULL, item TEXT NOT NULL,
        PRIMARY KEY (service, idnp, position)
      ) STRICT;
      CREATE TABLE registration (idnp TEXT PRIMARY KEY, data TEXT) STRICT;
      CREATE TABLE session (
        token TEXT PRIMARY KEY, idnp TEXT NOT NULL, session_index TEXT NOT NULL, expires_at INTEGER NOT NULL,
        session TEXT NOT NULL
      ) STRICT;`);
    const insert = this.#db.prepare('INSERT INTO item VALUES (?, ?, ?, ?)');
    this.#db.exec('BEGIN');
    for (const [service, people] of Object.entries(registers)) {
      for (const [idnp, items] of Object.entries(people)) {
        for (const [position, item] of items.entries()) {
          insert.run(service, idnp, position, JSON.stringify(item));
        }
      }
    }
    this.#db.exec('COMMIT');
  }

  /** A person's items of a service, in the order of the register. */
  items(service: DataService, idnp: string): unknown[] {
    return this.#db
      .prepare('SELECT item FROM item WHERE service = ? AND idnp = ? ORDER BY position')
      .all(service, idnp)
      .map((row) => JSON.parse(row.item as string) as unknown);
  }

  /** Puts an item before all others. */
  prepend(service: DataService, idnp: string, item: object): void {
    this.#db
      .prepare(
        `INSERT INTO item SELECT ?1, ?2, coalesce(min(position), 0) - 1, ?3 FROM item WHERE service = ?1 AND idnp = ?2`,
      )
      .run(service, idnp, JSON.stringify(item));
  }

  isRegistered(idnp: string): boolean {
    return this.#db.prepare('SELECT 1 FROM registration WHERE idnp = ?').get(idnp) !== undefined;
  }

  /** @param data null for someone who registered before the sandbox began */
  register(idnp: string, data: Registration | null): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO registration VALUES (?, ?)')
      .run(idnp, data === null ? null : JSON.stringify(data));
  }

  addSession(token: string, session: SiteSession, now: number): void {
    this.#db.prepare('DELETE FROM session WHERE expires_at <= ?').run(now);
    this.handles.forget(now);
    const { idnp, sessionIndex, expiresAt } = session;
    this.#db
      .prepare('INSERT INTO session VALUES (?, ?, ?, ?, ?)')
      .run(fingerprint(token), idnp, sessionIndex, expiresAt, JSON.stringify(session));
  }

  session(token: string, now: number): SiteSession | null {
    const row = this.#db
      .prepare('SELECT session FROM session WHERE token = ? AND expires_at > ?')
      .get(fingerprint(token), now);
    return row === undefined ? null : (JSON.parse(row.session as string) as SiteSession);
  }

  endSession(token: string): void {
    this.#db.prepare('DELETE FROM session WHERE token = ?').run(fingerprint(token));
  }

  /** Ends the sessions that the provider means; how many there were. */
  endSessionsOf(idnp: string, sessionIndexes: readonly string[]): number {
    const end = this.#db.prepare('DELETE FROM session WHERE idnp = ? AND session_index = ?');
    return sessionIndexes.reduce((sum, index) => sum + Number(end.run(idnp, index).changes), 0);
  }

  endAllSessions(): void {
    this.#db.exec('DELETE FROM session');
  }

  /** Sessions that are open now. */
  countSessions(now: number): number {
    return this.#db.prepare('SELECT count(*) AS n FROM session WHERE expires_at > ?').get(now)?.n as number;
  }

  close(): void {
    this.#db.close();
  }
}
