import {
  checkState,
  instanceKey,
  StoreError,
  type CapturedWrite,
  type JsonObject,
  type Loaded,
  type PlannedStatement,
  type StatePlace,
} from '@nasc/store-core';
import {
  FIRST_REV,
  NEXT_SEQ,
  quoteIdentifier as quote,
  type InstanceRows,
  type SqliteDriver,
} from '@nasc/store-sqlite/internal';
import type { MappedLayout } from './mapped-layout';
import { isRoot } from './mapped-tables';
import { RowDiff } from './mapping/diff-rows';
import { KnownRows } from './mapping/known-rows';
import { FlawedRow } from './mapping/overflow';
import type { Row, StoredRow } from './mapping/row';
import type { RowCodec } from './mapping/row-codec';
import { RowNumbers } from './row-numbers';
import { RowReader } from './row-reader';
import { RowShadow } from './row-shadow';
import { statementOf } from './row-statement';

/** A state as it was captured: its row, by the layout of that moment. */
export interface CapturedRow {
  readonly codec: RowCodec;
  readonly row: Row;
}

/** The instances of the mapped types, in normalised tables. */
export class MappedRows implements InstanceRows<CapturedRow> {
  readonly #reader: RowReader;
  readonly #shadow = new RowShadow();
  readonly #revSqls = new WeakMap<RowCodec, string>();
  /** The codecs that the rows of the shadow are of. */
  #seen: unknown;

  constructor(
    private readonly driver: SqliteDriver,
    private readonly layout: MappedLayout,
  ) {
    this.#reader = new RowReader(driver);
  }

  /** Take a state as its row: what is as it was last seen takes its rows from there. */
  capture(codec: RowCodec, full: unknown, place: StatePlace): CapturedRow {
    const seen = this.#shadow.peek(instanceKey(place.type, place.id));
    const known = seen && this.#seen === this.layout.codecs ? new KnownRows(codec, seen) : undefined;
    const state = checkState(full, place, known);
    return { codec, row: codec.encode(state, place.id, known) };
  }

  needsSetUp(): boolean {
    return false;
  }

  setUp(): void {}

  readState(type: string, id: string): JsonObject | null {
    return this.readLoaded(type, id)?.state ?? null;
  }

  readLoaded(type: string, id: string): Loaded | null {
    const rev = this.revOf(type, id);
    if (rev === 0) return null;
    try {
      const root = this.#stored(type, id, rev) as StoredRow;
      const state = this.#codec(type).decode(root, id) as JsonObject;
      return { state, rev, epoch: this.driver.prepare(EPOCH, 'pluck').get() as string };
    } catch (error) {
      if (!(error instanceof FlawedRow)) throw error;
      const message = `The rows are there, but cannot be read (${error.message}). Repair them, overwrite them with commit({ ifRev: error.rev }), or remove them.`;
      throw new StoreError('STORE_CORRUPT', message, { type, id, rev, cause: error });
    }
  }

  revOf(type: string, id: string): number {
    const sql = this.#revSql(this.#codec(type));
    const rev = this.driver.prepare(sql, 'pluck').get(this.layout.number(type), id, id);
    return (rev as number | undefined) ?? 0;
  }

  write(write: CapturedWrite<CapturedRow>): number {
    const { type, id, full } = write;
    const actual = this.revOf(type, id);
    if (full === null && actual === 0) return 0;
    const statements = this.#statements(write, actual);
    // Marked, the record tells the triggers that the store itself is writing.
    const mark = actual === 0 ? MARK_NEW : MARK;
    const rev = this.driver.prepare(mark, 'pluck').get(this.layout.number(type), id) as number;
    for (const { sql, params } of statements.list) {
      const { changes } = this.driver.prepare(sql).run(...params);
      // An item that is to go may be gone already, by a trigger of somebody.
      if (changes > 0 || (full !== null && sql.startsWith('DELETE'))) continue;
      const message = 'A trigger of the table ignored the write; nothing was written.';
      throw new StoreError('STORE_SCHEMA', message, { type, id });
    }
    this.driver.prepare(UNMARK).run(Number(full === null), this.layout.number(type), id);
    const isKnown = !this.layout.hasOthersTriggers(this.#codec(type).plan);
    if (statements.next !== undefined && isKnown) {
      this.#shadow.set(instanceKey(type, id), rev, statements.next);
    } else {
      this.#shadow.delete(instanceKey(type, id));
    }
    return rev;
  }

  plan(writes: readonly CapturedWrite<CapturedRow>[]): PlannedStatement[] {
    return writes.flatMap((write) => this.#statements(write, this.revOf(write.type, write.id)).list);
  }

  readIds(type: string, after: string | undefined, limit: number): string[] {
    const { plan } = this.#codec(type);
    const pk = quote(plan.pk);
    const from = after === undefined ? `${pk} >= ''` : `${pk} > ?`;
    const sql = `SELECT ${pk} FROM ${quote(plan.entity)}
      WHERE ${from} AND typeof(${pk}) = 'text' AND ${isRoot(plan)} ORDER BY ${pk} LIMIT ?`;
    const params = after === undefined ? [limit] : [after, limit];
    return this.driver.prepare(sql, 'pluck').all(...params) as string[]; // prettier-ignore
  }

  forget(): void {
    this.#shadow.clear();
  }

  /** What it takes to write or remove an instance, and the rows that there will be. */
  #statements(
    write: CapturedWrite<CapturedRow>,
    rev: number,
  ): { list: PlannedStatement[]; next: StoredRow | undefined } {
    const { type, id, full } = write;
    const codec = this.#codec(type);
    if (full === null) {
      const sql = `DELETE FROM ${quote(codec.plan.entity)} WHERE ${quote(codec.plan.pk)} = ? AND ${isRoot(codec.plan)}`;
      return { list: rev === 0 ? [] : [{ sql, params: [id] }], next: undefined };
    }
    const diff = new RowDiff(new RowNumbers(this.driver, this.layout.codecs).next);
    // Captured by another layout: what it says is written by this one.
    const row = full.codec === codec ? full.row : codec.encode(full.codec.decode(full.row, id), id);
    const next = diff.root(codec, rev === 0 ? undefined : this.#stored(type, id, rev), row, id);
    const changes = diff.changes.map((change) => statementOf(this.layout.codecs, change));
    return { list: [...(rev === 0 ? this.#orphans(codec, id) : []), ...changes], next };
  }

  /** Removes items that name an instance which is only now created. */
  #orphans(codec: RowCodec, id: string): PlannedStatement[] {
    const lists: StoredRow[][] = codec.plan.lists.map(() => []);
    this.#reader.readItems(codec, id, { lists });
    return lists.flatMap((rows, i) =>
      rows.map(({ row }) =>
        statementOf(this.layout.codecs, { kind: 'delete', type: codec.child(i).plan.type, row }),
      ),
    );
  }

  #stored(type: string, id: string, rev: number): StoredRow | undefined {
    const key = instanceKey(type, id);
    const known = this.#shadow.get(key, rev);
    if (known !== undefined) return known;
    const root = this.#reader.read(this.#codec(type), id);
    if (root !== undefined) this.#shadow.set(key, rev, root);
    return root;
  }

  #revSql(codec: RowCodec): string {
    let sql = this.#revSqls.get(codec);
    if (sql === undefined) {
      const { plan } = codec;
      sql = `SELECT coalesce((SELECT rev FROM _nasc_revs WHERE type = ? AND id = ?), 1)
        FROM ${quote(plan.entity)} WHERE ${quote(plan.pk)} = ? AND ${isRoot(plan)}`;
      this.#revSqls.set(codec, sql);
    }
    return sql;
  }

  /** The codec of a type, by the tables as they were last seen. */
  #codec(type: string): RowCodec {
    if (this.#seen !== this.layout.codecs) this.#shadow.clear();
    this.#seen = this.layout.codecs;
    return this.layout.codec(type);
  }
}

const EPOCH = "SELECT value FROM _nasc_meta WHERE key = 'epoch'";
const UNMARK = 'UPDATE _nasc_revs SET removed = ? WHERE type = ? AND id = ?';

const MARK = marking('2');
const MARK_NEW = marking(FIRST_REV);

function marking(first: string): string {
  return `INSERT INTO _nasc_revs (type, id, rev, seq, removed) VALUES (?, ?, ${first}, ${NEXT_SEQ}, 2)
    ON CONFLICT (type, id) DO UPDATE SET rev = rev + 1, seq = excluded.seq, removed = 2 RETURNING rev`;
}
