import { quoteIdentifier as quote, type SqliteDriver } from '@nasc/store-sqlite/internal';
import { isRoot, text } from './mapped-tables';
import { FLAWED, type Cell, type StoredRow } from './mapping/row';
import type { RowCodec } from './mapping/row-codec';

/** A stored row while its lists are filled. */
interface Filling extends StoredRow {
  readonly lists: StoredRow[][];
}

/** Reads the rows of an instance: one query for it, and one for each table below it. */
export class RowReader {
  constructor(private readonly driver: SqliteDriver) {}

  /** The instance's row with all that belongs to it, or `undefined` when it is absent. */
  read(codec: RowCodec, id: string): StoredRow | undefined {
    const { plan } = codec;
    const sql = `SELECT _na_row, NULL, NULL, NULL, ${columns(codec, 't')} FROM ${quote(plan.entity)} t WHERE t.${quote(plan.pk)} = ? AND ${isRoot(plan, 't.')}`;
    const [raw] = this.driver.prepare(sql, 'raw').all(id) as unknown[][];
    if (raw === undefined) return undefined;
    const root = fillingOf(codec, raw);
    this.readItems(codec, id, root);
    return root;
  }

  /** The rows that name an instance as theirs, whether it is there or not. */
  readItems(codec: RowCodec, id: string, root: { readonly lists: StoredRow[][] }): void {
    for (const [childType, child] of childrenOf(codec)) {
      const key =
        child.plan.foreignKeys.find(({ parentType }) => parentType === codec.plan.type)?.column ?? '';
      const from = `FROM ${quote(child.plan.entity)} t1`;
      const rows = this.#items(child, 1, from, `WHERE t1.${quote(key)} = ? AND t1._na_parent IS NULL`, id);
      for (const { property, row } of rows) root.lists[listOf(codec, childType, property)]?.push(row);
      if (rows.length > 0)
        this.#readBelow(child, 1, from, `WHERE t1.${quote(key)} = ? AND t1._na_parent IS NULL`, id, rows);
    }
  }

  #readBelow(
    codec: RowCodec,
    depth: number,
    from: string,
    where: string,
    id: string,
    parents: readonly Item[],
  ): void {
    const byRow = new Map(parents.map(({ row }) => [row.row, row]));
    for (const [childType, child] of childrenOf(codec)) {
      const [above, own] = [`t${depth}`, `t${depth + 1}`];
      const joined = `${from} JOIN ${quote(child.plan.entity)} ${own}
        ON ${own}._na_parent = ${above}._na_row AND ${own}._na_parent_type = ${text(codec.plan.type)}`;
      const rows = this.#items(child, depth + 1, joined, where, id);
      for (const { parent, property, row } of rows) {
        byRow.get(parent)?.lists[listOf(codec, childType, property)]?.push(row);
      }
      if (rows.length > 0) this.#readBelow(child, depth + 1, joined, where, id, rows);
    }
  }

  #items(codec: RowCodec, depth: number, from: string, where: string, id: string): Item[] {
    const t = `t${depth}`;
    const sql = `SELECT ${t}._na_row, ${t}._na_pos, ${t}._na_prop, ${t}._na_parent, ${columns(codec, t)} ${from} ${where}
      ORDER BY ${t}._na_pos IS NULL, ${t}._na_pos, ${t}._na_row`;
    const raws = this.driver.prepare(sql, 'raw').all(id) as unknown[][];
    return raws.map((raw) => ({
      parent: raw[3] as number,
      property: raw[2] as string | null,
      row: fillingOf(codec, raw),
    }));
  }
}

interface Item {
  readonly parent: number;
  readonly property: string | null;
  readonly row: Filling;
}

function columns(codec: RowCodec, prefix: string): string {
  return codec.columnNames.map((name) => `${prefix}.${quote(name)}`).join(', ');
}

function childrenOf(codec: RowCodec): Map<string, RowCodec> {
  return new Map(codec.plan.lists.map(({ childType }, i) => [childType, codec.child(i)]));
}

/** Rows inserted by hand name no property: they are of the first list of their type. */
function listOf(codec: RowCodec, childType: string, property: string | null): number {
  const { lists } = codec.plan;
  const named = lists.findIndex((list) => list.property === property && list.childType === childType);
  return named >= 0 ? named : lists.findIndex((list) => list.childType === childType);
}

/** @param raw `_na_row`, `_na_pos`, `_na_prop`, `_na_parent`, then the cells. */
function fillingOf(codec: RowCodec, raw: readonly unknown[]): Filling {
  const cells = raw.slice(4) as Cell[];
  // A BLOB is nothing that the store writes: FLAWED equals nothing, and does not decode.
  for (let i = 0; i < cells.length; i++)
    if (typeof cells[i] === 'object' && cells[i] !== null) cells[i] = FLAWED;
  const position = typeof raw[1] === 'number' ? raw[1] : null;
  return { row: raw[0] as number, position, cells, lists: codec.plan.lists.map(() => []) };
}
