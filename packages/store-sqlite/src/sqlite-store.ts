import {
  BaseStore,
  captureState,
  instanceKey,
  StoreError,
  type Awaitable,
  type CapturedWrite,
  type CommitResult,
  type JsonObject,
  type Loaded,
  type PlannedStatement,
  type StatePlace,
  type StoreCapabilities,
  type StoreErrorCode,
  type Write,
} from '@nasc/store-core';
import { EventLog } from './internal/event-log';
import { quoteIdentifier as quote } from './internal/quote-identifier';
import type { SqliteDatabase } from './internal/sqlite-database';
import { SqliteDriver } from './internal/sqlite-driver';
import { sqliteErrorCode } from './internal/sqlite-error-code';
import { sqliteSettings, type SqliteOptions } from './internal/sqlite-settings';
import { TypeTables, type PlannedTable, type TypeTable } from './internal/type-tables';

/** Options of {@link SqliteStore}. */
export interface SqliteStoreOptions extends SqliteOptions {
  /**
   * The table of a type; default `<type>s`. Asked once per type: the database records the answer.
   * An existing table with the columns `id` (TEXT, unique) and `data` is adopted as it is.
   */
  tableForType?: ((type: string) => string) | undefined;
}

/**
 * A store on SQLite, for apps on one machine: a table per type, one row per instance, its state as
 * JSON in the column `data`. SQL by hand and older programs may write to the tables: triggers keep
 * the revs. Several processes may share a file.
 *
 * @example
 * const store = new SqliteStore('app.db');
 * await store.persist('User', 'ada', {}, { name: 'Ada' });
 */
export class SqliteStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities;

  protected override readonly keepsCallOrder = true;
  readonly #driver: SqliteDriver;
  readonly #tables: TypeTables;
  readonly #eventLog: EventLog;

  /**
   * Checks the arguments and finds better-sqlite3; the first call opens.
   *
   * @param source the path of a file, `':memory:'`, or a `Database` of better-sqlite3, which stays
   *   the caller's: its pragmas are left alone and it is not closed.
   * @throws TypeError for wrong arguments.
   * @throws StoreError `STORE_DEPENDENCY` when better-sqlite3 is not installed.
   */
  constructor(source: string | SqliteDatabase, options: SqliteStoreOptions = {}) {
    super();
    const { tableForType } = options;
    if (tableForType !== undefined && typeof tableForType !== 'function') {
      throw new TypeError('tableForType must be a function from a type to a table name.');
    }
    const settings = sqliteSettings(source, options);
    this.capabilities = settings.capabilities;
    this.#driver = new SqliteDriver(source, settings, {
      rolledBack: () => this.#tables.clear(),
      hint: (hint) => this.emit(hint),
    });
    this.#tables = new TypeTables(this.#driver, tableForType);
    this.#eventLog = new EventLog(this.#driver, settings.eventRetention);
  }

  /**
   * The statements that `commit(writes)` would run now, a new type's table included; nothing is
   * written. The revs follow by triggers.
   */
  async plan(writes: readonly Write[]): Promise<PlannedStatement[]> {
    const captured = this.captureWrites(writes);
    return this.guarded(captured, () => this.#driver.read(undefined, () => this.#planAll(captured)));
  }

  protected override capture(full: unknown, place: StatePlace): string {
    return captureState(full, place);
  }

  protected override open(): Promise<void> {
    return this.#driver.open();
  }

  protected override async readState(type: string, id: string): Promise<JsonObject | null> {
    return this.#read(type, id, (table) => {
      const data = this.#driver
        .prepare(`SELECT data FROM ${quote(table.name)} WHERE id = ?`)
        .pluck()
        .get(id);
      return data === undefined ? null : (parseState(data) ?? this.#corrupt(table, type, id));
    });
  }

  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    return this.#read(type, id, (table) => {
      const row = this.#readRow(table, id);
      if (row === undefined) return null;
      const state = parseState(row.data) ?? this.#corrupt(table, type, id);
      return { state, rev: row.rev, epoch: row.epoch };
    });
  }

  protected override write(
    writes: readonly CapturedWrite<string>[],
    eventId: string | undefined,
  ): Promise<CommitResult> {
    return this.#driver.write<CommitResult>(writes.map(keyOf), () => {
      const revs = eventId === undefined ? undefined : this.#eventLog.find(eventId, writes);
      if (revs !== undefined) return { result: { status: 'duplicate', revs } };
      for (const [index, write] of writes.entries()) this.#checkRev(write, index);
      return { write: () => this.#writeAll(writes, eventId) };
    });
  }

  protected override readIds(type: string, after: string | undefined, limit: number): Awaitable<string[]> {
    return this.#driver.read(undefined, () => {
      const table = this.#tables.find(type);
      if (table === undefined) return [];
      const from = after === undefined ? "id >= ''" : 'id > ?';
      const sql = `SELECT id FROM ${quote(table.name)} WHERE ${from} AND typeof(id) = 'text' ORDER BY id LIMIT ?`;
      const params = after === undefined ? [limit] : [after, limit];
      return this.#driver
        .prepare(sql)
        .pluck()
        .all(...params) as string[];
    });
  }

  protected override watching(active: boolean): Promise<void> {
    return this.#driver.watch(active);
  }

  protected override shutdown(): void {
    this.#driver.close();
  }

  protected override codeOf(cause: unknown): StoreErrorCode | undefined {
    return sqliteErrorCode(cause);
  }

  #planAll(writes: readonly CapturedWrite<string>[]): PlannedStatement[] {
    const tables = new Map<string, PlannedTable>();
    const statements: PlannedStatement[] = [];
    for (const write of writes) {
      const { type, full } = write;
      if (full === null && !tables.has(type) && this.#tables.find(type) === undefined) continue;
      const planned = tables.get(type) ?? this.#tables.plan(type, [...tables.values()]);
      if (!tables.has(type)) statements.push(...planned.statements);
      tables.set(type, planned);
      statements.push(statementOf(planned.table, write));
    }
    return statements;
  }

  /** Read from the type's table, which gets its triggers first: a rev that was told must hold. */
  async #read<T>(type: string, id: string, read: (table: TypeTable) => T): Promise<T | null> {
    const key = instanceKey(type, id);
    const adopt = { adopt: true } as const;
    const result = await this.#driver.read(key, () => {
      const table = this.#tables.find(type);
      if (table === undefined) return null;
      if (table.no === undefined && !this.#driver.readonly) return adopt;
      return { value: read(table) };
    });
    if (result === null) return null;
    if ('value' in result) return result.value;
    return this.#driver.write([key], () => ({ write: () => read(this.#tables.ensure(type)) }));
  }

  #readRow(table: TypeTable, id: string): Row | undefined {
    const name = quote(table.name);
    if (table.no === undefined) {
      const sql = `SELECT data, 1 AS rev, ? AS epoch FROM ${name} WHERE id = ?`;
      return this.#driver.prepare(sql).get(this.#driver.strayEpoch, id) as Row | undefined;
    }
    const sql = `
      SELECT t.data, coalesce(r.rev, 1) AS rev, (SELECT value FROM _nasc_meta WHERE key = 'epoch') AS epoch
      FROM ${name} t LEFT JOIN _nasc_revs r ON r.type = ? AND r.id = t.id WHERE t.id = ?`;
    return this.#driver.prepare(sql).get(table.no, id) as Row | undefined;
  }

  #corrupt(table: TypeTable, type: string, id: string): never {
    const { rev } = this.#readRow(table, id) ?? {};
    const message =
      'The row is there, but its data is no JSON object. Repair it, overwrite it with commit({ ifRev: error.rev }), or remove it.';
    throw new StoreError('STORE_CORRUPT', message, { type, id, rev });
  }

  #checkRev({ type, id, ifRev: expected }: CapturedWrite<string>, index: number): void {
    if (expected === undefined) return;
    const table = this.#tables.find(type);
    const actual = (table && this.#readRow(table, id)?.rev) ?? 0;
    if (actual === expected) return;
    const message = `The instance is at rev ${actual}, not ${expected}; load it again.`;
    throw new StoreError('STORE_CONFLICT', message, { type, id, index, expected, actual });
  }

  #writeAll(writes: readonly CapturedWrite<string>[], eventId: string | undefined): CommitResult {
    const revs = writes.map((write) => this.#writeOne(write));
    if (eventId !== undefined) this.#eventLog.record(eventId, writes, revs);
    return { status: 'committed', revs };
  }

  /** @returns the rev taken; 0 when what was to be removed is absent. */
  #writeOne(write: CapturedWrite<string>): number {
    const { type, id, full } = write;
    if (full === null && this.#tables.find(type) === undefined) return 0;
    const table = this.#tables.ensure(type);
    const { sql, params } = statementOf(table, write);
    const { changes } = this.#driver.prepare(sql).run(...params);
    if (changes === 0 && full === null) return 0;
    if (changes === 0) {
      throw new StoreError('STORE_SCHEMA', 'A trigger of the table ignored the write; nothing was written.', {
        type,
        id,
      });
    }
    const rev = 'SELECT rev FROM _nasc_revs WHERE type = ? AND id = ?';
    return this.#driver.prepare(rev).pluck().get(table.no, id) as number;
  }
}

/** What a row says of an instance. */
interface Row {
  readonly data: unknown;
  readonly rev: number;
  readonly epoch: string;
}

/** The one statement that writes or removes an instance. */
function statementOf(table: TypeTable, { id, full }: CapturedWrite<string>): PlannedStatement {
  const name = quote(table.name);
  if (full === null) return { sql: `DELETE FROM ${name} WHERE id = ?`, params: [id] };
  const sql = `INSERT INTO ${name} (id, data) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data`;
  return { sql, params: [id, full] };
}

/** The state in a row, or `undefined` when it cannot be one. */
function parseState(data: unknown): JsonObject | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const state: unknown = JSON.parse(data);
    return typeof state === 'object' && state !== null && !Array.isArray(state)
      ? (state as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

function keyOf({ type, id }: CapturedWrite<string>): string {
  return instanceKey(type, id);
}
