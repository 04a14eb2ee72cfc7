import {
  captureState,
  type CapturedWrite,
  type JsonObject,
  type Loaded,
  type PlannedStatement,
  type StatePlace,
} from '@nasc/store-core';
import {
  DocumentRows,
  DriverStore,
  type InstanceRows,
  type SqliteDatabase,
  type SqliteOptions,
} from '@nasc/store-sqlite/internal';
import { MappedRows } from './mapped-rows';
import { MappedSetup } from './mapped-setup';
import { compileMapping } from './mapping/compile-mapping';
import type { Row } from './mapping/row';
import { RowCodec } from './mapping/row-codec';

/** Options of {@link SqliteMappedStore}. */
export interface SqliteMappedStoreOptions extends SqliteOptions {
  /** Which types have tables: `{ Todo: { 'x-na:store': { entity: 'todos', pk: 'id' } } }`. */
  mapping: object;
  /** A JSON Schema with the types in `$defs`. */
  schema: object;
}

/** A mapped instance as its row, any other as its JSON text. */
type Captured = Row | string;

/**
 * A store on SQLite in normalised tables: a column per property, a row per array item of a mapped
 * type. Whatever the schema says, a state comes back to the letter; what does not fit its column is
 * in `_na_overflow`. A write changes the rows that have changed, and no others. Types that mapping or
 * schema do not know are stored as JSON documents, as `SqliteStore` does.
 *
 * @example
 * const store = new SqliteMappedStore('app.db', { mapping, schema });
 */
export class SqliteMappedStore extends DriverStore<Captured> {
  protected override readonly rows: RoutedRows;
  readonly #codecs: ReadonlyMap<string, RowCodec>;
  readonly #numbers = new Map<string, number>();

  /**
   * Checks the arguments and finds better-sqlite3; the first call opens.
   *
   * @param source the path of a file, `':memory:'`, or a `Database` of better-sqlite3, which stays
   *   the caller's: its pragmas are left alone and it is not closed.
   * @throws TypeError for wrong arguments.
   * @throws StoreError `STORE_SCHEMA` with all problems of the mapping and the schema;
   *   `STORE_DEPENDENCY` when better-sqlite3 is not installed.
   */
  constructor(source: string | SqliteDatabase, options: SqliteMappedStoreOptions) {
    if (typeof options !== 'object' || options === null) throw new TypeError('Pass { mapping, schema }.');
    super(source, options);
    this.#codecs = RowCodec.forPlan(compileMapping(options.mapping, options.schema));
    const mapped = new MappedRows(this.driver, this.#codecs, this.#numbers);
    this.rows = new RoutedRows(this.#codecs, mapped, new DocumentRows(this.driver));
  }

  protected override capture(full: unknown, place: StatePlace): Captured {
    const text = captureState(full, place);
    return this.#codecs.get(place.type)?.encode(JSON.parse(text), place.id) ?? text;
  }

  protected override async open(): Promise<void> {
    await super.open();
    const setup = new MappedSetup(this.driver, this.#codecs);
    const current = await this.driver.read(undefined, () => setup.current());
    const numbers = current ?? (await this.driver.write([], () => ({ write: () => setup.apply() })));
    for (const [type, no] of numbers) this.#numbers.set(type, no);
  }
}

/** Mapped types to their tables, the others to documents. */
class RoutedRows implements InstanceRows<Captured> {
  constructor(
    private readonly codecs: ReadonlyMap<string, RowCodec>,
    private readonly mapped: MappedRows,
    private readonly documents: DocumentRows,
  ) {}

  needsSetUp(type: string): boolean {
    return this.#of(type).needsSetUp(type);
  }

  setUp(type: string): void {
    this.#of(type).setUp(type);
  }

  readState(type: string, id: string): JsonObject | null {
    return this.#of(type).readState(type, id);
  }

  readLoaded(type: string, id: string): Loaded | null {
    return this.#of(type).readLoaded(type, id);
  }

  revOf(type: string, id: string): number {
    return this.#of(type).revOf(type, id);
  }

  write(write: CapturedWrite<Captured>): number {
    return this.#of(write.type).write(write);
  }

  plan(writes: readonly CapturedWrite<Captured>[]): PlannedStatement[] {
    const { mapped = [], documents = [] } = Object.groupBy(writes, ({ type }) =>
      this.codecs.has(type) ? 'mapped' : 'documents',
    );
    return [
      ...this.mapped.plan(mapped as CapturedWrite<Row>[]),
      ...this.documents.plan(documents as CapturedWrite<string>[]),
    ];
  }

  readIds(type: string, after: string | undefined, limit: number): string[] {
    return this.#of(type).readIds(type, after, limit);
  }

  forget(): void {
    this.mapped.forget();
    this.documents.forget();
  }

  /** The rows of a type take what `capture` made for that type. */
  #of(type: string): InstanceRows<Captured> {
    return (this.codecs.has(type) ? this.mapped : this.documents) as InstanceRows<Captured>;
  }
}
