import {
  StoreError,
  type CapturedWrite,
  type JsonObject,
  type Loaded,
  type PlannedStatement,
} from '@nasc/store-core';
import { documentSql, type DocumentSql } from './document-sql';
import { keepForeignIntegers, mayHoldForeignIntegers } from './foreign-integers';
import type { InstanceRows } from './instance-rows';
import { parseJson } from './parse-json';
import type { SqliteDriver } from './sqlite-driver';
import { TypeTables, type PlannedTable, type TypeTable } from './type-tables';

/** Each instance is one row, its state as JSON in the column `data`. */
export class DocumentRows implements InstanceRows<string> {
  readonly #tables: TypeTables;
  /** By the table's name. */
  readonly #sql = new Map<string, DocumentSql>();

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
    const data = this.driver.prepare(this.#sqlOf(table).readData, 'pluck').get(id);
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
    if (table === undefined) return 0;
    if (table.no === undefined) {
      const row = this.#readRow(table, id);
      // What taking it over will make of it.
      const next = this.driver.hasRevTables && this.driver.prepare(NEXT_REV, 'pluck').get(type, id);
      return row === undefined ? 0 : ((next || row.rev) as number);
    }
    const rev = this.driver.prepare(this.#sqlOf(table).readRev, 'pluck').get(table.no, id);
    return (rev as number | undefined) ?? 0;
  }

  write(write: CapturedWrite<string>): number {
    const { type, id, full } = write;
    if (full === null && this.#tables.find(type) === undefined) return 0;
    const table = this.#tables.ensure(type);
    const { sql, params } = this.#statementOf(table, this.#kept(table, write));
    const { changes } = this.driver.prepare(sql).run(...params);
    if (changes === 0 && full === null) return 0;
    if (changes === 0) {
      const message = 'A trigger of the table ignored the write; nothing was written.';
      throw new StoreError('STORE_SCHEMA', message, { type, id });
    }
    const rev = this.driver.prepare(REV, 'pluck').get(table.no, id);
    if (typeof rev === 'number') return rev;
    const message =
      'The write left no rev: something interferes with the triggers _nasc_* or the table _nasc_revs.';
    throw new StoreError('STORE_SCHEMA', message, { type, id });
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
      const isThere = this.#tables.find(type) !== undefined;
      statements.push(this.#statementOf(planned.table, isThere ? this.#kept(planned.table, write) : write));
    }
    return statements;
  }

  readIds(type: string, after: string | undefined, limit: number): string[] {
    const table = this.#tables.find(type);
    if (table === undefined) return [];
    const { firstIds, idsAfter } = this.#sqlOf(table);
    const [sql, params] = after === undefined ? [firstIds, [limit]] : [idsAfter, [after, limit]];
    return this.driver.prepare(sql, 'pluck').all(...params) as string[]; // prettier-ignore
  }

  forget(): void {
    this.#tables.clear();
  }

  /** Keeps the integers of other programs that JavaScript cannot hold and the write does not change. */
  #kept(table: TypeTable, write: CapturedWrite<string>): CapturedWrite<string> {
    const { id, full } = write;
    if (full === null || !mayHoldForeignIntegers(full)) return write;
    const stored = this.driver.prepare(this.#sqlOf(table).readData, 'pluck').get(id);
    return { ...write, full: keepForeignIntegers(stored, full) };
  }

  #readRow(table: TypeTable, id: string): Row | undefined {
    const { readRow, readBareRow } = this.#sqlOf(table);
    const row =
      table.no === undefined
        ? this.driver.prepare(readBareRow).get(this.driver.strayEpoch, id)
        : this.driver.prepare(readRow).get(table.no, id);
    return row as Row | undefined;
  }

  #sqlOf({ name }: TypeTable): DocumentSql {
    let sql = this.#sql.get(name);
    if (sql === undefined) this.#sql.set(name, (sql = documentSql(name)));
    return sql;
  }

  /** The one statement that writes or removes an instance. */
  #statementOf(table: TypeTable, { id, full }: CapturedWrite<string>): PlannedStatement {
    const { put, remove } = this.#sqlOf(table);
    return full === null ? { sql: remove, params: [id] } : { sql: put, params: [id, full] };
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

const NEXT_REV = `
  SELECT r.rev + 1 FROM _nasc_revs r JOIN _nasc_types t ON t.no = r.type WHERE t.type = ? AND r.id = ?`;
const REV = 'SELECT rev FROM _nasc_revs WHERE type = ? AND id = ?';

/** The state in a row, or `undefined` when it cannot be one. */
function parseState(data: unknown): JsonObject | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const state = parseJson(data);
    return typeof state === 'object' && state !== null && !Array.isArray(state)
      ? (state as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
