import { DatabaseSync } from 'node:sqlite';

/** A sign-in that a site has asked for. */
export interface SignIn {
  readonly id: number;
  /** The site's own reference, given back with the response. */
  readonly reference: string;
  readonly siteName: string;
  /** IDNP the site expects. */
  readonly userId: string | null;
}

/** A challenge that has been given out. */
export interface IssuedChallenge {
  readonly signIn: SignIn;
  readonly challenge: Uint8Array;
  readonly expiresAt: number;
}

/** Who signed in, as told to the site. */
export interface Identity {
  readonly reference: string;
  readonly idnp: string;
}

/**
 * The identity provider's memory. Times are milliseconds since 1970; handles are stored as fingerprints. Whatever is
 * taken is gone: nothing can be used twice.
 */
export class ProviderStore {
  readonly #db = new DatabaseSync(':memory:');

  constructor() {
    this.#db.exec(`
      CREATE TABLE sign_in (
        id INTEGER PRIMARY KEY, request TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, site_name TEXT NOT NULL,
        user_id TEXT, expires_at INTEGER NOT NULL, asked INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE challenge (
        request_id TEXT PRIMARY KEY, sign_in INTEGER NOT NULL REFERENCES sign_in (id) ON DELETE CASCADE,
        challenge BLOB NOT NULL, expires_at INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE response (
        code TEXT PRIMARY KEY, reference TEXT NOT NULL, idnp TEXT NOT NULL, expires_at INTEGER NOT NULL
      ) STRICT;`);
  }

  /** Forgets what has been over for an hour, so that a long-lived sandbox does not grow. */
  forget(now: number): void {
    const old = now - 3_600_000;
    this.#db.prepare('DELETE FROM sign_in WHERE expires_at < ?').run(old);
    this.#db.prepare('DELETE FROM response WHERE expires_at < ?').run(old);
  }

  addSignIn(request: string, signIn: Omit<SignIn, 'id'>, expiresAt: number): void {
    this.#db
      .prepare(
        'INSERT INTO sign_in (request, reference, site_name, user_id, expires_at) VALUES (?, ?, ?, ?, ?)',
      )
      .run(request, signIn.reference, signIn.siteName, signIn.userId, expiresAt);
  }

  /** The sign-in behind a request, once; null when unknown, used or over. */
  takeSignIn(request: string, now: number): SignIn | null {
    const row = this.#db
      .prepare(
        `UPDATE sign_in SET asked = 1 WHERE request = ? AND asked = 0 AND expires_at > ?
         RETURNING id, reference, site_name AS siteName, user_id AS userId`,
      )
      .get(request, now);
    return row === undefined ? null : (row as unknown as SignIn);
  }

  addChallenge(requestId: string, signIn: SignIn, challenge: Uint8Array, expiresAt: number): void {
    this.#db
      .prepare('INSERT INTO challenge (request_id, sign_in, challenge, expires_at) VALUES (?, ?, ?, ?)')
      .run(requestId, signIn.id, challenge, expiresAt);
  }

  /** The challenge of this id, once, expired or not; null when unknown or used. */
  takeChallenge(requestId: string): IssuedChallenge | null {
    const taken = this.#db
      .prepare(
        'UPDATE challenge SET used = 1 WHERE request_id = ? AND used = 0 RETURNING sign_in, challenge, expires_at',
      )
      .get(requestId);
    if (taken === undefined) return null;
    const signIn = this.#db
      .prepare('SELECT id, reference, site_name AS siteName, user_id AS userId FROM sign_in WHERE id = ?')
      .get(taken.sign_in as number);
    return {
      signIn: signIn as unknown as SignIn,
      challenge: taken.challenge as Uint8Array,
      expiresAt: taken.expires_at as number,
    };
  }

  addResponse(code: string, identity: Identity, expiresAt: number): void {
    this.#db
      .prepare('INSERT INTO response (code, reference, idnp, expires_at) VALUES (?, ?, ?, ?)')
      .run(code, identity.reference, identity.idnp, expiresAt);
  }

  /** The identity behind a response code, once; null when unknown, used or over. */
  takeResponse(code: string, now: number): Identity | null {
    const row = this.#db
      .prepare('DELETE FROM response WHERE code = ? RETURNING reference, idnp, expires_at')
      .get(code);
    if (row === undefined || (row.expires_at as number) <= now) return null;
    return { reference: row.reference as string, idnp: row.idnp as string };
  }

  close(): void {
    this.#db.close();
  }
}
