import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { StoreError } from '@nasc/store-core';
import { quoteIdentifier as quote, type SqliteDriver } from '@nasc/store-sqlite/internal';
import { columnsOf, text } from './mapped-tables';
import { foldName } from './mapping/column-names';
import { GAP } from './mapping/positions';
import type { MappingPlan, TablePlan } from './mapping/table-plan';

/** A column as `PRAGMA table_xinfo` gives it. */
interface Column {
  readonly name: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly hidden: number;
}

/**
 * Takes over the tables of the original `SqliteMappedStore`: same names, same columns, but without
 * ours. Each is rebuilt in SQLite's recommended way; what the user has made on it comes back.
 */
export class LegacyUpgrade {
  constructor(
    private readonly driver: SqliteDriver,
    private readonly plan: MappingPlan,
  ) {}

  /** The mapped tables that are there and were not made by this store. */
  tables(): TablePlan[] {
    return [...this.plan.values()].filter(({ type, entity, pk }) => {
      const names = this.#columns(entity).map(({ name }) => foldName(name));
      const isRecorded =
        this.driver.hasRevTables && this.driver.prepare(RECORDED).get(type, entity) !== undefined;
      const isDocuments = names.join() === 'id,data';
      return names.includes(foldName(pk)) && !names.includes('_na_row') && !isRecorded && !isDocuments;
    });
  }

  /**
   * Copy the file, then rebuild the tables.
   *
   * @param finish makes indexes, triggers and records of ours; in the same transaction.
   * @throws StoreError `STORE_SCHEMA` when a table has what would be lost.
   */
  async run(tables: readonly TablePlan[], finish: () => void): Promise<void> {
    await this.driver.read(undefined, () => tables.forEach((table) => this.#refuseConstraints(table)));
    const copied = this.driver.path === undefined ? undefined : this.#copyDatabase(this.driver.path);
    await this.driver.rebuild(() => {
      if (copied !== undefined && copied !== this.#dataVersion()) {
        const message = 'Another connection has written since the copy was made; close it for the upgrade.';
        throw new StoreError('STORE_BUSY', message);
      }
      const objects = tables.flatMap((table) => this.#rebuild(table));
      finish();
      for (const sql of objects) this.driver.runOnce(sql, []);
    });
  }

  /** The original makes none: who has some of his own would lose what they promise. */
  #refuseConstraints({ type, entity }: TablePlan): void {
    const sql = String(this.driver.prepare(TABLE, 'pluck').get(entity));
    const found = [
      ...(this.driver.prepare(UNIQUES).get(entity) === undefined ? [] : ['UNIQUE']),
      ...(this.driver.prepare(REFERENCES).get(entity) === undefined ? [] : ['REFERENCES']),
      ...(this.#columns(entity).some(({ hidden }) => hidden > 1) ? ['GENERATED'] : []),
      ...(/\bCHECK\s*\(/i.test(sql) ? ['CHECK'] : []),
      ...(/\bAUTOINCREMENT\b/i.test(sql) ? ['AUTOINCREMENT'] : []),
    ];
    if (found.length === 0) return;
    const message = `The table ${quote(entity)} is not as the original store makes it: it has ${found.join(', ')}, which the upgrade would lose. Map ${JSON.stringify(type)} to another entity, or rebuild the table without (unique indexes may stay).`;
    throw new StoreError('STORE_SCHEMA', message, { type });
  }

  /**
   * Copy the database beside itself, on disk before this returns; an earlier copy stays. Through
   * SQLite: closing a file that is open as a database drops its locks
   * (https://sqlite.org/howtocorrupt.html#posix_close_bug).
   *
   * @returns the version of the data that was copied.
   */
  #copyDatabase(path: string): unknown {
    const version = this.#dataVersion();
    let copy = `${path}.before-upgrade`;
    for (let n = 2; existsSync(copy); n++) copy = `${path}.before-upgrade-${n}`;
    const unfinished = `${copy}.tmp`;
    rmSync(unfinished, { force: true });
    this.driver.runOnce('VACUUM INTO ?', [unfinished]);
    const file = openSync(unfinished, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, copy);
    return version;
  }

  #dataVersion(): unknown {
    return this.driver.prepare('PRAGMA data_version', 'pluck').get();
  }

  /** @returns the SQL of the user's indexes and triggers, which went with the old table. */
  #rebuild(table: TablePlan): string[] {
    const { entity } = table;
    const objects = this.driver.prepare(OBJECTS, 'pluck').all(entity) as string[];
    const old = this.#columns(entity);
    const ours = columnsOf(table);
    const known = new Map([...ours.keys()].map((name) => [foldName(name), name]));
    const own = old.filter(({ name, hidden }) => hidden === 0 && !known.has(foldName(name)));
    const made = `_na_new_${entity}`;
    const definitions = [
      ...[...ours].map(([name, definition]) => `${quote(name)} ${definition}`),
      // STRICT knows few types: what the user has added takes any.
      ...own.map(({ name, notnull, dflt_value }) => {
        const fallback = dflt_value === null ? '' : ` DEFAULT (${dflt_value})${notnull ? ' NOT NULL' : ''}`;
        return `${quote(name)} ANY${fallback}`;
      }),
    ];
    this.driver.runOnce(`CREATE TABLE ${quote(made)} (${definitions.join(', ')}) STRICT`, []);
    this.#copy(table, made, old.filter(({ hidden }) => hidden === 0).map(({ name }) => name)); // prettier-ignore
    this.driver.runOnce(`DROP TABLE ${quote(entity)}`, []);
    this.driver.runOnce(`ALTER TABLE ${quote(made)} RENAME TO ${quote(entity)}`, []);
    return objects;
  }

  #copy(table: TablePlan, made: string, columns: readonly string[]): void {
    const keys = table.foreignKeys.filter(({ column }) =>
      columns.some((name) => foldName(name) === foldName(column)),
    );
    const properties = keys.map(({ parentType, column }) => {
      const list = this.plan.get(parentType)?.lists.find(({ childType }) => childType === table.type);
      return `WHEN ${quote(column)} IS NOT NULL THEN ${text(list?.property ?? '')}`;
    });
    const values = new Map<string, string>([
      ...columns.map((name) => [name, quote(name)] as const),
      // The original's lists are always there; their order is that of the rows.
      ...table.lists.map(({ presence }) => [presence, '1'] as const),
      ['_na_row', 'rowid'],
      ...(keys.length === 0
        ? []
        : ([
            ['_na_prop', `CASE ${properties.join(' ')} END`],
            ['_na_pos', `row_number() OVER (ORDER BY rowid) * ${GAP}`],
          ] as const)),
    ]);
    const names = [...values.keys()].map(quote).join(', ');
    const sql = `INSERT INTO ${quote(made)} (${names}) SELECT ${[...values.values()].join(', ')} FROM ${quote(table.entity)}`;
    this.driver.runOnce(sql, []);
  }

  #columns(table: string): Column[] {
    return this.driver.prepare(COLUMNS).all(table) as Column[];
  }
}

const COLUMNS = 'SELECT name, "notnull", dflt_value, hidden FROM pragma_table_xinfo(?)';
const RECORDED = 'SELECT 1 FROM _nasc_types WHERE type = ? AND tbl = ?';
const OBJECTS = `
  SELECT sql FROM sqlite_master
  WHERE tbl_name = ? COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL`;
const TABLE = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE";
const UNIQUES = "SELECT 1 FROM pragma_index_list(?) WHERE origin = 'u'";
const REFERENCES = 'SELECT 1 FROM pragma_foreign_key_list(?)';
