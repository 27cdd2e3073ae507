import type { DatabaseSync } from 'node:sqlite';
import type { ReplayGuard } from '../saml/index.ts';

/** Which SAML messages a site has seen, in its database. */
export class ReplayStore implements ReplayGuard {
  readonly #db: DatabaseSync;
  readonly #now: () => number;

  constructor(db: DatabaseSync, now: () => number) {
    this.#db = db;
    this.#now = now;
    db.exec('CREATE TABLE used (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT');
  }

  take(id: string, until: Date): boolean {
    this.#db.prepare('DELETE FROM used WHERE until <= ?').run(this.#now());
    return (
      this.#db.prepare('INSERT OR IGNORE INTO used VALUES (?, ?)').run(id, until.getTime()).changes === 1
    );
  }
}
