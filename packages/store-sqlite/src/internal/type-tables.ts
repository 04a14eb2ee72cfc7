import { StoreError } from '@nasc/store-core';
import { quoteIdentifier as quote } from './quote-identifier';
import { FIRST_REV, revTriggers } from './rev-tables';
import type { SqliteDriver } from './sqlite-driver';

/** The table that holds a type, one JSON document per row. */
export interface TypeTable {
  readonly name: string;
  /** The type's number in `_nasc_revs`; `undefined` while its triggers are missing. */
  readonly no: number | undefined;
}

/** A table with its triggers. */
export type ReadyTable = TypeTable & { readonly no: number };

/** A table yet to be made, and how. */
export interface PlannedTable {
  readonly table: ReadyTable;
  /** The statements that make it, its record and its triggers. */
  readonly statements: readonly { readonly sql: string; readonly params: readonly unknown[] }[];
}

/**
 * Which table holds which type. By default `<type>s`; a table that is there already is adopted when
 * it has the right shape and no other type has it; where two types would meet (SQLite folds case),
 * the later one gets a distinct table. What was decided is recorded in `_nasc_types`.
 */
export class TypeTables {
  readonly #known = new Map<string, ReadyTable>();

  /** @param tableForType the caller's choice; the recorded one stays when it changes. */
  constructor(
    private readonly driver: SqliteDriver,
    private readonly tableForType: ((type: string) => string) | undefined,
  ) {}

  /** Forget what was learned inside a transaction that was rolled back. */
  clear(): void {
    this.#known.clear();
  }

  /** The table of a type, if it has one or there is one to adopt. */
  find(type: string): TypeTable | undefined {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const recorded = this.#recorded(type);
    const name = recorded?.name ?? this.#adoptable(type);
    if (name === undefined || !this.#exists(name)) return undefined;
    const no = this.#hasTriggers(recorded?.no, name) ? recorded?.no : undefined;
    if (no === undefined) return { name, no };
    const table = { name, no };
    this.#known.set(type, table);
    return table;
  }

  /**
   * What it takes to give a type its table; nothing when it has one with its triggers.
   *
   * @param planned what is planned before it and not yet made.
   */
  plan(type: string, planned: readonly PlannedTable[] = []): PlannedTable {
    const found = this.find(type);
    if (found?.no !== undefined) return { table: { ...found, no: found.no }, statements: [] };
    const recorded = this.#recorded(type);
    const last = Math.max(0, ...planned.map(({ table }) => table.no));
    const no = recorded?.no ?? Math.max(last + 1, this.driver.prepare(NEXT_NO, 'pluck').get() as number);
    const taken = planned.map(({ table }) => table.name);
    const name = recorded?.name ?? found?.name ?? this.#freeName(type, taken);
    const triggers = revTriggers(no, name).flatMap(({ name: trigger, sql }) => [
      // A table that was renamed has taken its triggers along: they would count its rows as this type's.
      ...(recorded === undefined ? [] : [`DROP TRIGGER IF EXISTS ${quote(trigger)}`]),
      sql,
    ]);
    const create = `CREATE TABLE ${quote(name)} (id TEXT PRIMARY KEY NOT NULL, data TEXT NOT NULL)`;
    return {
      table: { name, no },
      statements: [
        ...(found === undefined ? [{ sql: create, params: [] }] : []),
        // The table was made anew behind our back: whatever was known of its rows may be wrong.
        ...(recorded === undefined
          ? [{ sql: RECORD, params: [no, type, name] }]
          : takeOver(quote(name)).map((sql) => ({ sql, params: [no] }))),
        ...triggers.map((sql) => ({ sql, params: [] })),
      ],
    };
  }

  /** Give a type its table; inside a write. */
  ensure(type: string): ReadyTable {
    const known = this.#known.get(type);
    if (known !== undefined) return known;
    const { table, statements } = this.plan(type);
    for (const { sql, params } of statements) this.driver.runOnce(sql, params);
    this.#known.set(type, table);
    return table;
  }

  #recorded(type: string): { no: number; name: string } | undefined {
    if (!this.driver.hasRevTables) return undefined;
    return this.driver.prepare(RECORDED).get(type) as { no: number; name: string } | undefined;
  }

  #hasTriggers(no: number | undefined, table: string): boolean {
    if (no === undefined) return false;
    const wanted = revTriggers(no, table).map(({ name }) => name);
    const found = this.driver.prepare(TRIGGERS, 'pluck').all(table) as string[];
    return wanted.every((name) => found.includes(name));
  }

  #exists(table: string): boolean {
    return this.driver.prepare(OBJECT, 'pluck').get(table) === 'table';
  }

  /** A table of the caller's naming, or of the original's, or of ours, that no other type has. */
  #adoptable(type: string): string | undefined {
    const names = this.tableForType ? [this.#chosenName(type)] : [originalName(type), defaultName(type)];
    return names.find((name) => this.#exists(name) && !this.#isTaken(name) && this.#isDocumentTable(name));
  }

  #freeName(type: string, taken: readonly string[]): string {
    const base = this.tableForType ? this.#chosenName(type) : defaultName(type);
    const isFree = (name: string): boolean =>
      this.driver.prepare(OBJECT).get(name) === undefined &&
      !this.#isTaken(name) &&
      !taken.some((other) => other.toLowerCase() === name.toLowerCase());
    if (isFree(base)) return base;
    if (this.tableForType && this.#exists(base) && !this.#isTaken(base)) {
      const message = `The table ${quote(base)} that tableForType names has no columns id (TEXT, unique) and data. Name another one.`;
      throw new StoreError('STORE_SCHEMA', message, { type });
    }
    for (let n = 2; ; n++) if (isFree(`${base}_${n}`)) return `${base}_${n}`;
  }

  #chosenName(type: string): string {
    const name: unknown = this.tableForType?.(type);
    if (typeof name === 'string' && name !== '' && !name.includes('\0') && !RESERVED.test(name)) return name;
    const message = 'tableForType must give a table name that does not begin with sqlite_ or _nasc_.';
    throw new StoreError('STORE_SCHEMA', message, { type });
  }

  #isTaken(table: string): boolean {
    return this.driver.hasRevTables && this.driver.prepare(TAKEN).get(table) !== undefined;
  }

  /** Whether a table can hold documents: a unique text `id`, compared exactly, and `data`. */
  #isDocumentTable(table: string): boolean {
    const columns = this.driver.prepare(COLUMNS).all(table) as Column[];
    const id = columns.find(({ name }) => name.toLowerCase() === 'id');
    const others = columns.filter(({ name }) => !['id', 'data'].includes(name.toLowerCase()));
    return (
      columns.some(({ name }) => name.toLowerCase() === 'data') &&
      /CHAR|CLOB|TEXT/i.test(id?.type ?? '') &&
      others.every(({ notnull, dflt_value }) => notnull === 0 || dflt_value !== null) &&
      this.driver.prepare(UNIQUE_ID).get(table) !== undefined
    );
  }
}

interface Column {
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
}

/**
 * Makes the records of a type right again after its table was written without triggers: each rev goes
 * up, and a row whose record was forgotten starts above what was forgotten. Each statement takes the
 * type's number.
 *
 * @param rows the instances' rows, as SQL: a table, or a query in parentheses, with a column `id`.
 */
export function takeOver(rows: string): string[] {
  const last = '(SELECT coalesce(max(seq), 0) FROM _nasc_revs)';
  return [
    `UPDATE _nasc_revs SET rev = rev + 1, seq = seq + ${last},
      removed = NOT EXISTS (SELECT 1 FROM ${rows} t WHERE t.id = _nasc_revs.id) WHERE type = ?`,
    `INSERT INTO _nasc_revs (type, id, rev, seq, removed)
      SELECT r.no, t.id, ${FIRST_REV}, ${last} + row_number() OVER (), 0
      FROM ${rows} t JOIN (SELECT ? AS no) r
      WHERE ${FIRST_REV} > 1 AND t.id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM _nasc_revs WHERE type = r.no AND id = t.id)`,
  ];
}

/** `<type>s`, as it stands; SQL has no way to write a NUL, and two prefixes are not ours to use. */
function defaultName(type: string): string {
  const name = `${type.replaceAll('\0', '␀')}s`;
  return RESERVED.test(name) ? `type_${name}` : name;
}

/** What the original called the table of a type. */
function originalName(type: string): string {
  return `${type.toLowerCase()}s`.replace(/[^a-z0-9_]/g, '');
}

const RESERVED = /^(sqlite_|_nasc_)/i;
const RECORDED = 'SELECT no, tbl AS name FROM _nasc_types WHERE type = ?';
const TAKEN = 'SELECT 1 FROM _nasc_types WHERE tbl = ?';
const NEXT_NO = 'SELECT coalesce(max(no), 0) + 1 FROM _nasc_types';
const RECORD = 'INSERT INTO _nasc_types (no, type, tbl) VALUES (?, ?, ?)';
const OBJECT = 'SELECT type FROM sqlite_master WHERE name = ? COLLATE NOCASE';
const TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE";
const COLUMNS = 'SELECT name, type, "notnull", dflt_value FROM pragma_table_xinfo(?)';
const UNIQUE_ID = `
  SELECT 1 FROM pragma_index_list(?) AS l
  WHERE l."unique" = 1 AND l.partial = 0
    AND (SELECT count(*) FROM pragma_index_xinfo(l.name) WHERE key = 1) = 1
    AND EXISTS (
      SELECT 1 FROM pragma_index_xinfo(l.name)
      WHERE key = 1 AND lower(name) = 'id' AND coll = 'BINARY' AND "desc" = 0
    )`;
