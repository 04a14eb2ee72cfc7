import {
  captureState,
  StoreError,
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
  type SqliteDriver,
  type SqliteOptions,
} from '@nasc/store-sqlite/internal';
import { LegacyUpgrade } from './legacy-upgrade';
import { MappedLayout } from './mapped-layout';
import { MappedRows, type CapturedRow } from './mapped-rows';
import { MappedSetup } from './mapped-setup';
import { compileMapping } from './mapping/compile-mapping';
import type { MappingPlan } from './mapping/table-plan';

/** Options of {@link SqliteMappedStore}. */
export interface SqliteMappedStoreOptions extends SqliteOptions {
  /** Which types have tables: `{ Todo: { 'x-na:store': { entity: 'todos', pk: 'id' } } }`. */
  mapping: object;
  /** A JSON Schema with the types in `$defs`. */
  schema: object;
  /**
   * Whether tables of the original `SqliteMappedStore` may be upgraded, once, after a copy of the
   * file to `<path>.before-upgrade`. Default true; `false` refuses with `STORE_SCHEMA`.
   */
  upgrade?: boolean | undefined;
}

/** A mapped instance as its row, any other as its JSON text. */
type Captured = CapturedRow | string;

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
  readonly #upgrade: boolean;
  readonly #wanted: MappingPlan;
  readonly #layout: MappedLayout;

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
    super(source, options, ['mapping', 'schema', 'upgrade']);
    const { upgrade = true } = options;
    if (typeof upgrade !== 'boolean') throw new TypeError('upgrade must be true or false.');
    this.#upgrade = upgrade;
    this.#wanted = compileMapping(options.mapping, options.schema);
    warnOfUnknownTypes(options.mapping, this.#wanted);
    this.#layout = new MappedLayout(this.driver, this.#wanted);
    const mapped = new MappedRows(this.driver, this.#layout);
    this.rows = new RoutedRows(this.driver, this.#layout, mapped, new DocumentRows(this.driver));
  }

  protected override capture(full: unknown, place: StatePlace): Captured {
    const codec = this.#layout.codecs.get(place.type);
    if (codec === undefined) return captureState(full, place);
    return this.rows.mapped.capture(codec, full, place);
  }

  protected override async open(): Promise<void> {
    await super.open();
    try {
      await this.#setUp();
    } catch (error) {
      // The next call opens anew: nothing of this connection may stay, its locks least of all.
      this.driver.abandon();
      throw error;
    }
  }

  async #setUp(): Promise<void> {
    const setup = new MappedSetup(this.driver, this.#layout, this.#wanted);
    const upgrade = new LegacyUpgrade(this.driver, this.#wanted);
    const legacy = await this.driver.read(undefined, () => upgrade.tables());
    if (legacy.length > 0) {
      if (!this.#upgrade || this.driver.readonly) throw needsUpgrade(legacy.map(({ entity }) => entity));
      await upgrade.run(legacy, () => setup.apply());
    } else if (!(await this.driver.read(undefined, () => setup.isDone()))) {
      await this.driver.write([], () => ({ write: () => setup.apply() }));
    }
  }
}

/** They may have been in an earlier schema, or be misspelt. */
function warnOfUnknownTypes(mapping: object, plan: MappingPlan): void {
  for (const type of Object.keys(mapping)) {
    if (plan.has(type) || type.startsWith('$')) continue;
    const name = JSON.stringify(type);
    const warning = `The mapping has ${name}, the schema has no $defs.${type}: new instances of ${name} are stored as JSON documents.`;
    process.emitWarning(warning, { code: 'NASC_MAPPING' });
  }
}

function needsUpgrade(tables: readonly string[]): StoreError {
  const message = `The tables ${tables.join(', ')} have the layout of the original store. Open the file once, writable and without upgrade: false, to upgrade them.`;
  return new StoreError('STORE_SCHEMA', message);
}

/**
 * Mapped types to their tables, the others to documents. Which is which is looked up once for each call,
 * in the transaction that it reads or writes in: another process may change it at any time.
 */
class RoutedRows implements InstanceRows<Captured> {
  constructor(
    private readonly driver: SqliteDriver,
    private readonly layout: MappedLayout,
    readonly mapped: MappedRows,
    private readonly documents: DocumentRows,
  ) {}

  needsSetUp(type: string): boolean {
    return !this.layout.plan.has(type) && this.documents.needsSetUp(type);
  }

  setUp(type: string): void {
    this.#of(type).setUp(type);
  }

  readState(type: string, id: string): JsonObject | null {
    return this.driver.snapshot(() => this.#of(type).readState(type, id));
  }

  readLoaded(type: string, id: string): Loaded | null {
    return this.driver.snapshot(() => this.#of(type).readLoaded(type, id));
  }

  revOf(type: string, id: string): number {
    return this.#of(type).revOf(type, id);
  }

  write(write: CapturedWrite<Captured>): number {
    return this.#of(write.type).write(this.#captured(write));
  }

  plan(writes: readonly CapturedWrite<Captured>[]): PlannedStatement[] {
    return this.driver.snapshot(() =>
      writes.flatMap((write) => this.#of(write.type).plan([this.#captured(write)])),
    );
  }

  readIds(type: string, after: string | undefined, limit: number): string[] {
    return this.driver.snapshot(() => this.#of(type).readIds(type, after, limit));
  }

  forget(): void {
    this.layout.forget();
    this.mapped.forget();
    this.documents.forget();
  }

  /** Captured as a document before the store knew that the database has tables for the type. */
  #captured(write: CapturedWrite<Captured>): CapturedWrite<Captured> {
    const codec = this.layout.codecs.get(write.type);
    if (codec === undefined || typeof write.full !== 'string') return write;
    return { ...write, full: { codec, row: codec.encode(JSON.parse(write.full), write.id) } };
  }

  /** The rows of a type take what `capture` made for that type. */
  #of(type: string): InstanceRows<Captured> {
    this.layout.refresh();
    return (this.layout.plan.has(type) ? this.mapped : this.documents) as InstanceRows<Captured>;
  }
}
