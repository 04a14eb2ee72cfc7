import {
  StoreError,
  type CapturedWrite,
  type JsonObject,
  type Loaded,
  type PlannedStatement,
} from '@nasc/store-core';
import type { InstanceRows } from './instance-rows';
import { quoteIdentifier as quote } from './quote-identifier';
import type { SqliteDriver } from './sqlite-driver';
import { TypeTables, type PlannedTable, type TypeTable } from './type-tables';

/** Each instance is one row, its state as JSON in the column `data`. */
export class DocumentRows implements InstanceRows<string> {
  readonly #tables: TypeTables;

  constructor(
    private readonly driver: SqliteDriver,
    tableForType?: (type: string) => string,
  ) {
    this.#tables = new TypeTables(driver, tableForType);
  }

  needsSetUp(type: string): boolean {
    const table = this.#tables.find(type);
    return table !== undefined && table.no === undefined;
  }

  setUp(type: string): void {
    this.#tables.ensure(type);
  }

  readState(type: string, id: string): JsonObject | null {
    const table = this.#tables.find(type);
    if (table === undefined) return null;
    const data = this.driver
      .prepare(`SELECT data FROM ${quote(table.name)} WHERE id = ?`, 'pluck')

      .get(id);
    return data === undefined ? null : (parseState(data) ?? this.#corrupt(table, type, id));
  }

  readLoaded(type: string, id: string): Loaded | null {
    const table = this.#tables.find(type);
    const row = table && this.#readRow(table, id);
    if (row === undefined || table === undefined) return null;
    const state = parseState(row.data) ?? this.#corrupt(table, type, id);
    return { state, rev: row.rev, epoch: row.epoch };
  }

  revOf(type: string, id: string): number {
    const table = this.#tables.find(type);
    return (table && this.#readRow(table, id)?.rev) ?? 0;
  }

  write(write: CapturedWrite<string>): number {
    const { type, id, full } = write;
    if (full === null && this.#tables.find(type) === undefined) return 0;
    const table = this.#tables.ensure(type);
    const { sql, params } = statementOf(table, write);
    const { changes } = this.driver.prepare(sql).run(...params);
    if (changes === 0 && full === null) return 0;
    if (changes === 0) {
      const message = 'A trigger of the table ignored the write; nothing was written.';
      throw new StoreError('STORE_SCHEMA', message, { type, id });
    }
    const rev = 'SELECT rev FROM _nasc_revs WHERE type = ? AND id = ?';
    return this.driver.prepare(rev, 'pluck').get(table.no, id) as number;
  }

  plan(writes: readonly CapturedWrite<string>[]): PlannedStatement[] {
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

  readIds(type: string, after: string | undefined, limit: number): string[] {
    const table = this.#tables.find(type);
    if (table === undefined) return [];
    const from = after === undefined ? "id >= ''" : 'id > ?';
    const sql = `SELECT id FROM ${quote(table.name)} WHERE ${from} AND typeof(id) = 'text' ORDER BY id LIMIT ?`;
    const params = after === undefined ? [limit] : [after, limit];
    return this.driver
      .prepare(sql, 'pluck')

      .all(...params) as string[];
  }

  forget(): void {
    this.#tables.clear();
  }

  #readRow(table: TypeTable, id: string): Row | undefined {
    const name = quote(table.name);
    if (table.no === undefined) {
      const sql = `SELECT data, 1 AS rev, ? AS epoch FROM ${name} WHERE id = ?`;
      return this.driver.prepare(sql).get(this.driver.strayEpoch, id) as Row | undefined;
    }
    const sql = `
      SELECT t.data, coalesce(r.rev, 1) AS rev, (SELECT value FROM _nasc_meta WHERE key = 'epoch') AS epoch
      FROM ${name} t LEFT JOIN _nasc_revs r ON r.type = ? AND r.id = t.id WHERE t.id = ?`;
    return this.driver.prepare(sql).get(table.no, id) as Row | undefined;
  }

  #corrupt(table: TypeTable, type: string, id: string): never {
    const { rev } = this.#readRow(table, id) ?? {};
    const message =
      'The row is there, but its data is no JSON object. Repair it, overwrite it with commit({ ifRev: error.rev }), or remove it.';
    throw new StoreError('STORE_CORRUPT', message, { type, id, rev });
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
