import Database from 'better-sqlite3';
import type { SqliteDatabase, SqliteStatement } from '../internal/sqlite-database';
import { createFileWorld } from './file-world';

/** A file whose connections are the tests' own, so that they can be counted and made to fail. */
export class FaultyWorld {
  readonly #file = createFileWorld();
  readonly #connections: Database.Database[] = [];
  #readonly = false;
  #maxPages = 0;
  #writesLeft = Infinity;
  #failing: 'once' | 'forever' = 'once';
  #failingReads = false;
  #statements = 0;

  get path(): string {
    return this.#file.path;
  }

  /** A connection for a store, under the faults of the moment. */
  connect(): SqliteDatabase {
    const database = new Database(this.path, { readonly: this.#readonly, timeout: 0 });
    this.#connections.push(database);
    if (!this.#readonly) database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    if (this.#maxPages > 0) database.pragma(`max_page_count = ${this.#maxPages}`);
    return new Proxy(database, {
      get: (target, key) => {
        if (key === 'prepare') return (sql: string) => this.#watch(sql, target.prepare(sql));
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    }) as unknown as SqliteDatabase;
  }

  destroy(): void {
    for (const database of this.#connections) database.close();
    this.#file.destroy();
  }

  /** For the connections that are opened from now on. */
  setReadonly(readonly: boolean): void {
    this.#readonly = readonly;
  }

  /** No room for more than two pages, for the connections that are opened from now on; room again, for all. */
  setFull(full: boolean): void {
    const beside = new Database(this.path);
    const pages = Number(beside.pragma('page_count', { simple: true }));
    beside.close();
    this.#maxPages = full ? pages + 2 : 0;
    if (full) return;
    for (const database of this.#connections)
      if (database.open) database.pragma('max_page_count = 1073741823');
  }

  /** Let the `nth` statement from now on that writes fail, or that and all after it; for all connections. */
  failWrites(nth: number, how: 'once' | 'forever'): void {
    [this.#writesLeft, this.#failing] = [nth, how];
  }

  /** Let every statement that reads a table fail, on all connections, or no more. */
  failReads(failing: boolean): void {
    this.#failingReads = failing;
  }

  /** How many statements were run. */
  get statements(): number {
    return this.#statements;
  }

  /** How many rows were inserted, updated or deleted, those by triggers included. */
  get rowsWritten(): number {
    const changes = this.#connections.map(
      (one) => one.prepare('SELECT total_changes()').pluck().get() as number,
    );
    return changes.reduce((sum, count) => sum + count, 0);
  }

  #watch(sql: string, statement: Database.Statement): SqliteStatement {
    const isRead = /^\s*(SELECT|PRAGMA data_version)/.test(sql);
    const isWrite = /^\s*(INSERT|UPDATE|DELETE|CREATE|COMMIT)/.test(sql);
    return new Proxy(statement, {
      get: (target, key, proxy) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (['run', 'get', 'all'].includes(String(key))) {
            this.#statements++;
            if (isRead && this.#failingReads && /_nasc|FROM "/.test(sql)) throw ioError('SQLITE_IOERR_READ');
            if (isWrite) this.#countWrite();
          }
          const result: unknown = Reflect.apply(value, target, args);
          return result === target ? proxy : result;
        };
      },
    }) as unknown as SqliteStatement;
  }

  #countWrite(): void {
    if (--this.#writesLeft > 0) return;
    if (this.#failing === 'once' && this.#writesLeft < 0) return;
    throw ioError('SQLITE_IOERR_WRITE');
  }
}

function ioError(code: string): Error {
  return Object.assign(new Error('disk I/O error'), { code });
}
