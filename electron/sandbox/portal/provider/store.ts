import { DatabaseSync } from 'node:sqlite';
import { Handles } from '../handles.ts';
import { ReplayStore } from '../replay-store.ts';

/** A sign-in that a site has asked for by an AuthnRequest. */
export interface SignIn {
  /** Entity ID of the site. */
  readonly service: string;
  /** ID of its AuthnRequest. */
  readonly requestId: string;
  readonly assertionConsumerServiceUrl: string;
  readonly relayState?: string;
}

/** A challenge that has been given out. */
export interface IssuedChallenge {
  readonly signIn: SignIn;
  /** Base64. */
  readonly challenge: string;
  readonly expiresAt: number;
  /** IDNP that the person gave beforehand. */
  readonly userId?: string;
}

/** What came of a sign-in, before the site is told. */
export interface Outcome {
  readonly signIn: SignIn;
  /** IDNP of who signed in, or why nobody did. */
  readonly result: { readonly idnp: string } | { readonly failure: string };
}

/** A sign-out under way: sites that must still be told, and who gets the answer in the end. */
export interface LogoutChain {
  readonly idnp: string;
  readonly sessionIndex: string;
  /** Site whose answer is awaited. */
  readonly awaited: string;
  /** Entity IDs of the sites after it. */
  readonly remaining: readonly string[];
  /** All sites told so far said that they signed out. */
  readonly complete: boolean;
  /** Who asked for it; absent when it was the person at the provider. */
  readonly initiator?: { readonly service: string; readonly requestId: string; readonly relayState?: string };
}

/** A person signed in at the provider, whatever sites they use (single sign-on). */
export interface ProviderSession {
  readonly sessionIndex: string;
  readonly idnp: string;
  /** Milliseconds since 1970. */
  readonly authnInstant: number;
  readonly expiresAt: number;
}

interface States {
  readonly 'sign-in': SignIn;
  readonly challenge: IssuedChallenge;
  readonly continuation: Outcome;
  /** By the provider's cookie: the session's index. */
  readonly cookie: string;
  /** By the ID of the LogoutRequest that waits for an answer. */
  readonly logout: LogoutChain;
}

/** The identity provider's memory. Times are milliseconds since 1970. */
export class ProviderStore {
  readonly #db = new DatabaseSync(':memory:');
  readonly handles: Handles<States>;
  readonly used: ReplayStore;

  constructor(now: () => number) {
    this.handles = new Handles(this.#db);
    this.used = new ReplayStore(this.#db, now);
    this.#db.exec(`
      CREATE TABLE session (
        session_index TEXT PRIMARY KEY, idnp TEXT NOT NULL, authn_instant INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE participant (
        session_index TEXT NOT NULL REFERENCES session (session_index) ON DELETE CASCADE,
        service TEXT NOT NULL, PRIMARY KEY (session_index, service)
      ) STRICT;`);
  }

  /** Forgets what is over. */
  forget(now: number): void {
    this.handles.forget(now);
    this.#db.prepare('DELETE FROM session WHERE expires_at <= ?').run(now);
  }

  addSession(session: ProviderSession): void {
    const { sessionIndex, idnp, authnInstant, expiresAt } = session;
    this.#db
      .prepare('INSERT INTO session VALUES (?, ?, ?, ?)')
      .run(sessionIndex, idnp, authnInstant, expiresAt);
  }

  session(sessionIndex: string, now: number): ProviderSession | null {
    const row = this.#db
      .prepare(
        `SELECT session_index AS sessionIndex, idnp, authn_instant AS authnInstant, expires_at AS expiresAt
         FROM session WHERE session_index = ? AND expires_at > ?`,
      )
      .get(sessionIndex, now);
    return row === undefined ? null : (row as unknown as ProviderSession);
  }

  /** Indexes of a person's sessions. */
  sessionsOf(idnp: string, now: number): string[] {
    return this.#db
      .prepare('SELECT session_index AS i FROM session WHERE idnp = ? AND expires_at > ?')
      .all(idnp, now)
      .map((row) => row.i as string);
  }

  addParticipant(sessionIndex: string, service: string): void {
    this.#db.prepare('INSERT OR IGNORE INTO participant VALUES (?, ?)').run(sessionIndex, service);
  }

  /** Entity IDs of the sites that a session was used for. */
  participants(sessionIndex: string): string[] {
    return this.#db
      .prepare('SELECT service FROM participant WHERE session_index = ? ORDER BY rowid')
      .all(sessionIndex)
      .map((row) => row.service as string);
  }

  endSession(sessionIndex: string): void {
    this.#db.prepare('DELETE FROM session WHERE session_index = ?').run(sessionIndex);
  }

  /** Sessions that are open now. */
  countSessions(now: number): number {
    return this.#db.prepare('SELECT count(*) AS n FROM session WHERE expires_at > ?').get(now)?.n as number;
  }

  close(): void {
    this.#db.close();
  }
}
