import type { DatabaseSync } from 'node:sqlite';
import { fingerprint, newHandle } from './secrets.ts';

/**
 * What a site remembers under unguessable handles, with an end in time. Handles are stored as fingerprints, so that
 * reading the store gives none away. Times are milliseconds since 1970.
 * @typeParam States what is kept, by kind
 */
export class Handles<States extends object> {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(`CREATE TABLE handle (
      kind TEXT NOT NULL, handle TEXT NOT NULL, state TEXT NOT NULL, expires_at INTEGER NOT NULL,
      PRIMARY KEY (kind, handle)
    ) STRICT`);
  }

  /** Keeps a state under a new handle. */
  issue<Kind extends keyof States & string>(kind: Kind, state: States[Kind], expiresAt: number): string {
    const handle = newHandle();
    this.put(kind, handle, state, expiresAt);
    return handle;
  }

  /** Keeps a state under a handle that comes from elsewhere, replacing what was there. */
  put<Kind extends keyof States & string>(
    kind: Kind,
    handle: string,
    state: States[Kind],
    expiresAt: number,
  ): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO handle VALUES (?, ?, ?, ?)')
      .run(kind, fingerprint(handle), JSON.stringify(state), expiresAt);
  }

  /** The state, which stays; null when unknown or over. */
  look<Kind extends keyof States & string>(kind: Kind, handle: string, now: number): States[Kind] | null {
    const row = this.#db
      .prepare('SELECT state FROM handle WHERE kind = ? AND handle = ? AND expires_at > ?')
      .get(kind, fingerprint(handle), now);
    return row === undefined ? null : (JSON.parse(row.state as string) as States[Kind]);
  }

  /** The state, once; null when unknown, used or over. */
  take<Kind extends keyof States & string>(kind: Kind, handle: string, now: number): States[Kind] | null {
    const row = this.#db
      .prepare('DELETE FROM handle WHERE kind = ? AND handle = ? RETURNING state, expires_at')
      .get(kind, fingerprint(handle));
    if (row === undefined || (row.expires_at as number) <= now) return null;
    return JSON.parse(row.state as string) as States[Kind];
  }

  /** Forgets what is over, so that a long-lived sandbox does not grow. */
  forget(now: number): void {
    this.#db.prepare('DELETE FROM handle WHERE expires_at <= ?').run(now);
  }
}
