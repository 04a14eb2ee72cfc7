import { StoreError } from '@nasc/store-core';
import { quoteIdentifier as quote, takeOver, type SqliteDriver } from '@nasc/store-sqlite/internal';
import { isSamePlan, type MappedLayout } from './mapped-layout';
import { columnsOf, createTable, indexes, isRoot, triggers } from './mapped-tables';
import { foldName } from './mapping/column-names';
import { RowDiff } from './mapping/diff-rows';
import { mergePlans } from './mapping/merge-plans';
import { FlawedRow } from './mapping/overflow';
import { RowCodec } from './mapping/row-codec';
import type { MappingPlan, TablePlan } from './mapping/table-plan';
import { RowNumbers } from './row-numbers';
import { RowReader } from './row-reader';
import { statementOf } from './row-statement';

/** Makes the mapped tables what mapping and schema say, and takes along what is in them. */
export class MappedSetup {
  readonly #reader: RowReader;

  constructor(
    private readonly driver: SqliteDriver,
    private readonly layout: MappedLayout,
    private readonly wanted: MappingPlan,
  ) {
    this.#reader = new RowReader(driver);
  }

  /** Whether there is nothing to do, or nothing that can be done to what is there. */
  isDone(): boolean {
    if (!this.driver.hasRevTables) return false;
    const recorded = this.layout.recorded();
    if (recorded === undefined) return false;
    if (this.driver.readonly) return true;
    const present = this.layout.present(recorded);
    return isSamePlan(present, mergePlans(present, this.wanted)) && this.#hasObjects(present);
  }

  /** Make and change tables, indexes and triggers, and move what has got a place; inside a write. */
  apply(): void {
    const recorded = this.layout.present(this.layout.recorded() ?? new Map<string, TablePlan>());
    const plan = mergePlans(recorded, this.wanted);
    const wasRebuilt = [...recorded.values()].some(({ entity }) => !this.#hasTriggers(entity));
    for (const name of this.driver.prepare(OWN_TRIGGERS, 'pluck').all() as string[]) {
      this.driver.runOnce(`DROP TRIGGER ${quote(name)}`, []);
    }
    for (const table of plan.values()) this.#applyTable(table);
    const codecs = RowCodec.forPlan(plan);
    this.#promote(RowCodec.forPlan(recorded), codecs);
    const numbers = this.#numbers();
    for (const sql of triggers(plan, numbers)) this.driver.runOnce(sql, []);
    if (wasRebuilt) for (const table of recorded.values()) this.#raiseRevs(table, numbers.get(table.type));
    this.layout.record(plan);
  }

  /** Whether all of our indexes and triggers are there, as this version of the package makes them. */
  #hasObjects(plan: MappingPlan): boolean {
    const found = new Set(this.driver.prepare(OWN_OBJECTS, 'pluck').all());
    const wanted = [...plan.values()].flatMap((table) => [...indexes(table).values()]);
    return [...wanted, ...triggers(plan, this.#numbers())].every((sql) => found.has(sql));
  }

  #hasTriggers(table: string): boolean {
    return this.driver.prepare(TRIGGERS_ON).get(table) !== undefined;
  }

  #numbers(): Map<string, number> {
    const rows = this.driver.prepare('SELECT type, no FROM _nasc_types', 'raw').all();
    return new Map(rows as [string, number][]);
  }

  /** A table was rebuilt by hand, and written without triggers: nobody can tell what has changed. */
  #raiseRevs(table: TablePlan, no: number | undefined): void {
    const { entity, pk } = table;
    const ids = `(SELECT ${quote(pk)} AS id FROM ${quote(entity)} WHERE ${isRoot(table)})`;
    for (const sql of takeOver(ids)) this.driver.runOnce(sql, [no]);
  }

  #applyTable(plan: TablePlan): void {
    const present = this.driver.prepare(TYPED_COLUMNS, 'raw').all(plan.entity) as [string, string][];
    this.#register(plan, present.map(([name]) => name)); // prettier-ignore
    if (present.length === 0) {
      this.driver.runOnce(createTable(plan), []);
    } else {
      if (this.driver.prepare(STRICT, 'pluck').get(plan.entity) !== 1) throw notStrict(plan);
      const types = new Map(present.map(([name, type]) => [foldName(name), type]));
      for (const [name, definition] of columnsOf(plan)) {
        const type = types.get(foldName(name));
        if (definition === 'ANY' && type !== undefined && type !== 'ANY')
          throw changesValues(plan, name, type);
        if (type !== undefined) continue;
        // What is there already does not have what is new.
        const bare = definition.replace(' DEFAULT 1', '');
        this.driver.runOnce(`ALTER TABLE ${quote(plan.entity)} ADD COLUMN ${quote(name)} ${bare}`, []);
      }
    }
    const objects = this.driver.prepare(OWN_OBJECTS, 'pluck').all();
    for (const [name, sql] of indexes(plan)) {
      if (objects.includes(sql)) continue;
      this.driver.runOnce(`DROP INDEX IF EXISTS ${quote(name)}`, []);
      this.driver.runOnce(sql, []);
    }
  }

  /** Give the type its number, and its table the type. */
  #register({ type, entity }: TablePlan, columns: readonly string[]): void {
    const table = this.driver.prepare('SELECT tbl FROM _nasc_types WHERE type = ?', 'pluck').get(type);
    // A type that had other mapped tables was refused before.
    if (table !== undefined && table !== entity) throw holdsDocuments(type, table);
    if (columns.length > 0 && !columns.includes('_na_row')) {
      if (table !== undefined) throw holdsDocuments(type, table);
      const message = `The table ${quote(entity)} is there already, and not one of this store. Map ${JSON.stringify(type)} to another entity.`;
      throw new StoreError('STORE_SCHEMA', message, { type });
    }
    if (table !== undefined) return;
    this.driver.runOnce('INSERT INTO _nasc_types (type, tbl) VALUES (?, ?)', [type, entity]);
  }

  /** Move values that have got a column or rows of their own, or another kind of column. */
  #promote(before: ReadonlyMap<string, RowCodec>, after: ReadonlyMap<string, RowCodec>): void {
    for (const [type, codec] of before) {
      const next = after.get(type);
      if (next === undefined || !this.#mayMove(codec, next)) continue;
      const { entity, pk } = codec.plan;
      const sql = `SELECT ${quote(pk)} FROM ${quote(entity)} WHERE typeof(${quote(pk)}) = 'text' AND ${isRoot(next.plan)}`;
      const ids = this.driver.prepare(sql, 'pluck').all() as string[];
      for (const id of ids) this.#moveReadable(codec, next, id, after);
    }
  }

  /** A damaged instance stays as it is, for whoever loads it: it is no reason to lock the others away. */
  #moveReadable(before: RowCodec, next: RowCodec, id: string, codecs: ReadonlyMap<string, RowCodec>): void {
    try {
      this.#move(before, next, id, codecs);
    } catch (error) {
      if (!(error instanceof FlawedRow)) throw error;
    }
  }

  #move(before: RowCodec, next: RowCodec, id: string, codecs: ReadonlyMap<string, RowCodec>): void {
    const old = this.#reader.read(before, id);
    const stored = this.#reader.read(next, id);
    if (old === undefined) return;
    const diff = new RowDiff(new RowNumbers(this.driver, codecs).next);
    diff.root(next, stored, next.encode(before.decode(old, id), id), id);
    for (const change of diff.changes) {
      const { sql, params } = statementOf(codecs, change);
      this.driver.prepare(sql).run(...params);
    }
  }

  /** Whether anything below a type has another place now: a look at plans and overflows, not at states. */
  #mayMove(before: RowCodec, next: RowCodec): boolean {
    const { columns, lists } = before.plan;
    if (columns.some((column) => !next.plan.columns.some((now) => isSame(now, column)))) return true;
    const grown =
      next.plan.order.length > before.plan.order.length || next.plan.columns.length > columns.length;
    const overflows = `SELECT 1 FROM ${quote(before.plan.entity)} WHERE _na_overflow IS NOT NULL LIMIT 1`;
    if (grown && this.driver.prepare(overflows).get() !== undefined) return true;
    return lists.some(({ property }, i) => {
      const at = next.plan.lists.findIndex((list) => list.property === property);
      return at >= 0 && this.#mayMove(before.child(i), next.child(at));
    });
  }
}

function holdsDocuments(type: string, table: unknown): StoreError {
  const name = JSON.stringify(type);
  const message = `${name} is stored as JSON documents in the table ${quote(String(table))}. Copy its instances into a new file (see "From documents to tables" in the README of @nasc/store-sqlite-mapped), or leave ${name} out of the mapping.`;
  return new StoreError('STORE_SCHEMA', message, { type });
}

/** STRICT tables take what they are given, and convert it to the column's type where that can be done. */
function changesValues({ type, entity }: TablePlan, column: string, declared: string): StoreError {
  const message = `The table ${quote(entity)} has a column ${quote(column)} of type ${declared} that this store has not made: values of another type would be changed in it. Rename or drop the column, or rename the property.`;
  return new StoreError('STORE_SCHEMA', message, { type });
}

function notStrict({ type, entity }: TablePlan): StoreError {
  const message = `The table ${quote(entity)} was made anew and is not STRICT: values would be changed in it. Make it STRICT, with the columns as they were.`;
  return new StoreError('STORE_SCHEMA', message, { type });
}

function isSame(a: TablePlan['columns'][number], b: TablePlan['columns'][number]): boolean {
  return a.property === b.property && a.kind === b.kind;
}

const OWN_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB '_na_*'";
const OWN_OBJECTS = "SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND name GLOB '_na_*'";
const TRIGGERS_ON =
  "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name GLOB '_na_*' AND tbl_name = ? COLLATE NOCASE";
const TYPED_COLUMNS = 'SELECT name, type FROM pragma_table_xinfo(?)';
const STRICT = 'SELECT strict FROM pragma_table_list(?)';
