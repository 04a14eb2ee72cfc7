import { StoreError } from '@nasc/store-core';
import { quoteIdentifier as quote, type SqliteDriver } from '@nasc/store-sqlite/internal';
import { columnsOf, createIndexes, createTable, triggers } from './mapped-tables';
import type { RowCodec } from './mapping/row-codec';
import type { TablePlan } from './mapping/table-plan';

/** The version of the mapped tables' layout. A newer one is refused. */
export const MAPPED_FORMAT = 1;

/** Makes the mapped tables what the plan says; inside a write. */
export class MappedSetup {
  constructor(
    private readonly driver: SqliteDriver,
    private readonly codecs: ReadonlyMap<string, RowCodec>,
  ) {}

  /** The numbers of the types, when everything is as the plan says; else `undefined`. */
  current(): Map<string, number> | undefined {
    if (!this.driver.hasRevTables) return undefined;
    const recorded = this.#recorded();
    if (recorded === undefined || recorded.plan !== this.#signature()) return undefined;
    return this.#numbers();
  }

  /** Make and change tables, indexes and triggers. @returns the numbers of the types. */
  apply(): Map<string, number> {
    for (const { plan } of this.codecs.values()) this.#applyTable(plan);
    const numbers = this.#numbers();
    const old = this.driver.prepare(OWN_TRIGGERS).pluck().all() as string[];
    for (const name of old) this.driver.runOnce(`DROP TRIGGER ${quote(name)}`, []);
    for (const sql of triggers(this.codecs, numbers)) this.driver.runOnce(sql, []);
    const record = JSON.stringify({ format: MAPPED_FORMAT, plan: this.#signature() });
    this.driver.runOnce("INSERT OR REPLACE INTO _nasc_meta (key, value) VALUES ('mapped', ?)", [record]);
    return numbers;
  }

  #applyTable(plan: TablePlan): void {
    this.#register(plan);
    const present = this.driver.prepare(COLUMNS).pluck().all(plan.entity) as string[];
    if (present.length === 0) {
      this.driver.runOnce(createTable(plan), []);
    } else {
      const names = new Set(present.map((name) => name.toLowerCase()));
      for (const [name, definition] of columnsOf(plan)) {
        if (names.has(name.toLowerCase())) continue;
        const bare = definition.replace(' DEFAULT 1', '');
        this.driver.runOnce(`ALTER TABLE ${quote(plan.entity)} ADD COLUMN ${quote(name)} ${bare}`, []);
      }
    }
    for (const sql of createIndexes(plan)) this.driver.runOnce(sql, []);
  }

  /** Give the type its number, and its table the type. */
  #register({ type, entity }: TablePlan): void {
    const columns = this.driver.prepare(COLUMNS).pluck().all(entity) as string[];
    if (columns.length > 0 && !columns.includes('_na_row')) {
      const message = `The table ${quote(entity)} is there already, and not one of this store's. Map ${JSON.stringify(type)} to another entity.`;
      throw new StoreError('STORE_SCHEMA', message, { type });
    }
    const recorded = this.driver.prepare('SELECT tbl FROM _nasc_types WHERE type = ?').pluck().get(type);
    if (recorded === entity) return;
    if (recorded !== undefined) {
      const message = `${JSON.stringify(type)} is stored in the table ${quote(String(recorded))}, not in ${quote(entity)}. Keep the entity, or move the data first.`;
      throw new StoreError('STORE_SCHEMA', message, { type });
    }
    this.driver.runOnce('INSERT INTO _nasc_types (type, tbl) VALUES (?, ?)', [type, entity]);
  }

  #numbers(): Map<string, number> {
    const rows = this.driver.prepare('SELECT type, no FROM _nasc_types').all() as {
      type: string;
      no: number;
    }[];
    return new Map(rows.map(({ type, no }) => [type, no]));
  }

  #recorded(): { format: number; plan: string } | undefined {
    const text = this.driver.prepare("SELECT value FROM _nasc_meta WHERE key = 'mapped'").pluck().get();
    if (text === undefined) return undefined;
    const recorded = JSON.parse(String(text)) as { format: number; plan: string };
    if (recorded.format <= MAPPED_FORMAT) return recorded;
    const message = `The mapped tables have format ${recorded.format}, this version of the store reads ${MAPPED_FORMAT}; upgrade the package.`;
    throw new StoreError('STORE_SCHEMA', message);
  }

  #signature(): string {
    return JSON.stringify([...this.codecs.values()].map(({ plan }) => plan));
  }
}

const COLUMNS = 'SELECT name FROM pragma_table_xinfo(?)';
const OWN_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB '_na_*'";
