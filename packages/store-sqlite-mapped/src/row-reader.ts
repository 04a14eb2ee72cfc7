import { quoteIdentifier as quote, type SqliteDriver } from '@nasc/store-sqlite/internal';
import { isRoot, text } from './mapped-tables';
import { FLAWED, type Cell, type StoredRow } from './mapping/row';
import type { RowCodec } from './mapping/row-codec';

/** A stored row while its lists are filled. */
interface Filling extends StoredRow {
  readonly lists: StoredRow[][];
}

/** Which rows to read: those that a query joins to the root, with what comes before them. */
interface Way {
  readonly depth: number;
  readonly from: string;
  readonly where: string;
  readonly id: string;
}

/** Reads the rows of an instance: one query for it, and one for each table below it. */
export class RowReader {
  constructor(private readonly driver: SqliteDriver) {}

  /** The instance's row with all that belongs to it, or `undefined` when it is absent. */
  read(codec: RowCodec, id: string): StoredRow | undefined {
    const { plan } = codec;
    const sql = `SELECT ${columns(codec, 't')}, t._na_row, NULL
      FROM ${quote(plan.entity)} t WHERE t.${quote(plan.pk)} = ? AND ${isRoot(plan, 't.')}`;
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
      const way = { depth: 1, from, where: `WHERE t1.${quote(key)} = ? AND t1._na_parent IS NULL`, id };
      const rows = this.#items(child, way, listsOf(codec, childType), () => root);
      if (rows.length > 0) this.#readBelow(child, way, rows);
    }
  }

  #readBelow(codec: RowCodec, { depth, from, where, id }: Way, parents: readonly Filling[]): void {
    const children = childrenOf(codec);
    if (children.size === 0) return;
    const byRow = new Map(parents.map((parent) => [parent.row, parent]));
    for (const [childType, child] of children) {
      const [above, own] = [`t${depth}`, `t${depth + 1}`];
      const joined = `${from} JOIN ${quote(child.plan.entity)} ${own}
        ON ${own}._na_parent = ${above}._na_row AND ${own}._na_parent_type = ${text(codec.plan.type)}`;
      const way = { depth: depth + 1, from: joined, where, id };
      const rows = this.#items(child, way, listsOf(codec, childType), (parent) => byRow.get(parent));
      if (rows.length > 0) this.#readBelow(child, way, rows);
    }
  }

  /**
   * Reads items into the lists of what they belong to.
   *
   * @param lists that items of this type can be in.
   */
  #items(
    codec: RowCodec,
    { depth, from, where, id }: Way,
    lists: ReadonlyMap<string, number>,
    ownerOf: (parent: number) => { readonly lists: StoredRow[][] } | undefined,
  ): Filling[] {
    const t = `t${depth}`;
    // A string for each row takes its time: where there is but one list, nobody asks which.
    const [property, parent] = [
      lists.size > 1 ? `${t}._na_prop` : 'NULL',
      depth > 1 ? `${t}._na_parent` : 'NULL',
    ];
    // In this order the index has them; not with the NULLs last.
    const sql = `SELECT ${columns(codec, t)}, ${t}._na_row, ${t}._na_pos, ${property}, ${parent}
      ${from} ${where} ORDER BY ${t}._na_pos, ${t}._na_row`;
    const raws = nullsLast(this.driver.prepare(sql, 'raw').all(id) as unknown[][]);
    // Rows inserted by hand name no property: they are of the first list of their type.
    const [first = -1] = lists.values();
    return raws.map((raw) => {
      const owner = ownerOf(raw.pop() as number);
      const list = lists.get(raw.pop() as string) ?? first;
      const row = fillingOf(codec, raw);
      owner?.lists[list]?.push(row);
      return row;
    });
  }
}

function columns(codec: RowCodec, prefix: string): string {
  return codec.columnNames.map((name) => `${prefix}.${quote(name)}`).join(', ');
}

function childrenOf(codec: RowCodec): Map<string, RowCodec> {
  return new Map(codec.plan.lists.map(({ childType }, i) => [childType, codec.child(i)]));
}

/** The lists that hold items of a type, by their property. */
function listsOf(codec: RowCodec, childType: string): ReadonlyMap<string, number> {
  const entries = codec.plan.lists.map((list, i) => [list, i] as const);
  return new Map(
    entries.filter(([list]) => list.childType === childType).map(([list, i]) => [list.property, i]),
  );
}

/** Rows inserted by hand have no position: they come behind the others, and not before. */
function nullsLast(raws: unknown[][]): unknown[][] {
  const first = raws.findIndex((raw) => raw[raw.length - 3] !== null);
  return first <= 0 ? raws : [...raws.slice(first), ...raws.slice(0, first)];
}

/** @param raw the cells, `_na_row`, `_na_pos`; what is left of it is the row's cells. */
function fillingOf(codec: RowCodec, raw: unknown[]): Filling {
  const position = raw.pop();
  const row = raw.pop() as number;
  const cells = raw as Cell[];
  // A BLOB is nothing that the store writes: FLAWED equals nothing, and does not decode.
  for (let i = 0; i < cells.length; i++)
    if (typeof cells[i] === 'object' && cells[i] !== null) cells[i] = FLAWED;
  const lists = codec.plan.lists.length === 0 ? NO_LISTS : codec.plan.lists.map(() => []);
  return { row, position: typeof position === 'number' ? position : null, cells, lists };
}

const NO_LISTS: StoredRow[][] = [];
