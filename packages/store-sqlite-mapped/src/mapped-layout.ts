import { StoreError } from '@nasc/store-core';
import type { SqliteDriver } from '@nasc/store-sqlite/internal';
import { foldName } from './mapping/column-names';
import { RowCodec } from './mapping/row-codec';
import type { MappingPlan, TablePlan } from './mapping/table-plan';

/** The version of the mapped tables' layout. A newer one is refused. */
const FORMAT = 1;

/**
 * How the tables are laid out now, as the database records it. Another process, with a newer schema,
 * may change it at any time.
 */
export class MappedLayout {
  #plan: MappingPlan;
  #codecs: ReadonlyMap<string, RowCodec>;
  #numbers: ReadonlyMap<string, number> = new Map();
  /** The tables that have some, their names folded. */
  #othersTriggers: ReadonlySet<string> = new Set();
  #schemaVersion: unknown;

  /** @param wanted what mapping and schema say, which holds until the database was looked at. */
  constructor(
    private readonly driver: SqliteDriver,
    wanted: MappingPlan,
  ) {
    this.#plan = wanted;
    this.#codecs = RowCodec.forPlan(wanted);
  }

  get plan(): MappingPlan {
    return this.#plan;
  }

  get codecs(): ReadonlyMap<string, RowCodec> {
    return this.#codecs;
  }

  /** The codec of a mapped type. */
  codec(type: string): RowCodec {
    const codec = this.#codecs.get(type);
    if (codec === undefined) throw new StoreError('STORE_SCHEMA', 'The type is not mapped.', { type });
    return codec;
  }

  /** The number of a type in `_nasc_types`. */
  number(type: string): number {
    return this.#numbers.get(type) ?? 0;
  }

  /** Look whether the tables have changed; if so, there are other codecs. */
  refresh(): void {
    const version = this.driver.prepare('PRAGMA schema_version', 'pluck').get();
    if (version === this.#schemaVersion) return;
    this.#schemaVersion = version;
    const rows = this.driver.prepare('SELECT type, no FROM _nasc_types').all() as {
      type: string;
      no: number;
    }[];
    this.#numbers = new Map(rows.map(({ type, no }) => [type, no]));
    this.#othersTriggers = new Set(this.driver.prepare(OTHERS_TRIGGERS, 'pluck').all() as string[]);
    const recorded = this.recorded();
    if (recorded === undefined) return;
    const present = this.present(recorded);
    // New codecs also for the same plan: what was seen of tables that somebody has rebuilt does not hold.
    this.#plan = present;
    this.#codecs = RowCodec.forPlan(present);
  }

  /** Whether triggers that are not ours may change what the store writes into the tables of a type. */
  hasOthersTriggers({ entity, lists }: TablePlan): boolean {
    if (this.#othersTriggers.size === 0) return false;
    const children = lists.flatMap(({ childType }) => this.#plan.get(childType) ?? []);
    return (
      this.#othersTriggers.has(foldName(entity)) || children.some((child) => this.hasOthersTriggers(child))
    );
  }

  /** Look again next time: a version of a transaction that was rolled back may come a second time. */
  forget(): void {
    this.#schemaVersion = undefined;
  }

  /** A plan less the columns that somebody has dropped. */
  present(plan: MappingPlan): MappingPlan {
    return new Map(
      [...plan].map(([type, table]) => {
        const names = (this.driver.prepare(COLUMNS, 'pluck').all(table.entity) as string[]).map(foldName);
        const columns = table.columns.filter(({ property }) => names.includes(foldName(property)));
        return [type, { ...table, columns }];
      }),
    );
  }

  /**
   * The plan that the tables follow, or `undefined` when there are none yet.
   *
   * @throws StoreError `STORE_SCHEMA` when a newer version of the package wrote them.
   */
  recorded(): MappingPlan | undefined {
    const text = this.driver.prepare("SELECT value FROM _nasc_meta WHERE key = 'mapped'", 'pluck').get();
    if (text === undefined) return undefined;
    const { format, tables } = JSON.parse(String(text)) as { format: number; tables: TablePlan[] };
    if (format <= FORMAT) return new Map(tables.map((table) => [table.type, table]));
    const message = `The mapped tables have format ${format}, this version of the store reads ${FORMAT}; upgrade the package.`;
    throw new StoreError('STORE_SCHEMA', message);
  }

  /** Record a plan; inside the write that makes it true. */
  record(plan: MappingPlan): void {
    const text = JSON.stringify({ format: FORMAT, tables: [...plan.values()] });
    this.driver.runOnce("INSERT OR REPLACE INTO _nasc_meta (key, value) VALUES ('mapped', ?)", [text]);
  }
}

/** Whether two plans make the same tables. */
export function isSamePlan(a: MappingPlan, b: MappingPlan): boolean {
  return JSON.stringify([...a.values()]) === JSON.stringify([...b.values()]);
}

const COLUMNS = 'SELECT name FROM pragma_table_xinfo(?)';
const OTHERS_TRIGGERS =
  "SELECT DISTINCT lower(tbl_name) FROM sqlite_master WHERE type = 'trigger' AND name NOT GLOB '_na_*'";
