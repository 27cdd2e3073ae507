import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { DocumentItem, DomicileItem, VehicleItem } from '../../contract/portal/items.ts';

/** What the registers hold, by IDNP. */
export interface Registers {
  readonly documents: Readonly<Record<string, readonly DocumentItem[]>>;
  readonly domicile: Readonly<Record<string, readonly DomicileItem[]>>;
  readonly vehicles: Readonly<Record<string, readonly VehicleItem[]>>;
}

export type RegisterName = keyof Registers;

/** The registers' columns: the keys of the field dictionary, in its order. */
const columns = {
  documents: ['series', 'number', 'issue_date', 'issue_place', 'status', 'expiry_date', 'doc_type'],
  domicile: [
    'visa_type',
    'reg_date',
    'reg_expiry',
    'country',
    'district',
    'street',
    'house',
    'block',
    'flat',
  ],
  vehicles: ['idnv', 'plate', 'make', 'model', 'year', 'vin'],
} as const satisfies Record<RegisterName, readonly string[]>;

export interface Session {
  readonly idnp: string;
  readonly expiresAt: number;
}

/** The e-services site's memory: registers, sign-ins under way, sessions. Times are milliseconds since 1970. */
export class ServicesStore {
  readonly #db = new DatabaseSync(':memory:');

  constructor(registers: Registers) {
    const type = (column: string): string => (column === 'year' ? 'INTEGER' : 'TEXT');
    for (const [register, names] of Object.entries(columns)) {
      const fields = names.map((name) => `"${name}" ${type(name)}`).join(', ');
      this.#db.exec(
        `CREATE TABLE ${register} (idnp TEXT NOT NULL, position INTEGER NOT NULL, ${fields}, PRIMARY KEY (idnp, position)) STRICT`,
      );
    }
    this.#db.exec(`
      CREATE TABLE login (login TEXT PRIMARY KEY, reference TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;
      CREATE TABLE session (token TEXT PRIMARY KEY, idnp TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;`);
    for (const register of Object.keys(columns) as RegisterName[]) this.#fill(register, registers[register]);
  }

  #fill(register: RegisterName, people: Readonly<Record<string, readonly object[]>>): void {
    const names: readonly string[] = columns[register];
    const insert = this.#db.prepare(
      `INSERT INTO ${register} VALUES (?, ?, ${names.map(() => '?').join(', ')})`,
    );
    for (const [idnp, items] of Object.entries(people)) {
      items.forEach((item, position) => {
        const values = names.map((name) => (item as Record<string, SQLInputValue>)[name] ?? null);
        insert.run(idnp, position, ...values);
      });
    }
  }

  /** A person's items of a register, with the dictionary's keys. */
  items(register: RegisterName, idnp: string): unknown[] {
    const fields = columns[register].map((name) => `"${name}"`).join(', ');
    return this.#db.prepare(`SELECT ${fields} FROM ${register} WHERE idnp = ? ORDER BY position`).all(idnp);
  }

  addLogin(login: string, reference: string, now: number, expiresAt: number): void {
    this.#db.prepare('DELETE FROM login WHERE expires_at < ?').run(now);
    this.#db.prepare('DELETE FROM session WHERE expires_at < ?').run(now);
    this.#db.prepare('INSERT INTO login VALUES (?, ?, ?)').run(login, reference, expiresAt);
  }

  /** The reference of a sign-in under way, once; null when unknown, used or over. */
  takeLogin(login: string, now: number): string | null {
    const row = this.#db
      .prepare('DELETE FROM login WHERE login = ? RETURNING reference, expires_at')
      .get(login);
    return row === undefined || (row.expires_at as number) <= now ? null : (row.reference as string);
  }

  addSession(token: string, session: Session): void {
    this.#db.prepare('INSERT INTO session VALUES (?, ?, ?)').run(token, session.idnp, session.expiresAt);
  }

  session(token: string, now: number): Session | null {
    const row = this.#db
      .prepare('SELECT idnp, expires_at AS expiresAt FROM session WHERE token = ? AND expires_at > ?')
      .get(token, now);
    return row === undefined ? null : (row as unknown as Session);
  }

  /** Ends a session; whether there was one. */
  endSession(token: string): boolean {
    return this.#db.prepare('DELETE FROM session WHERE token = ?').run(token).changes > 0;
  }

  endAllSessions(): void {
    this.#db.exec('DELETE FROM session');
  }

  /** Sessions that are open now. */
  countSessions(now: number): number {
    const row = this.#db.prepare('SELECT count(*) AS n FROM session WHERE expires_at > ?').get(now);
    return row?.n as number;
  }

  close(): void {
    this.#db.close();
  }
}
