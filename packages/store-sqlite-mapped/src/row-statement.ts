import type { PlannedStatement } from '@nasc/store-core';
import { quoteIdentifier as quote } from '@nasc/store-sqlite/internal';
import type { RowChange, RowPlace } from './mapping/diff-rows';
import type { Cell } from './mapping/row';
import type { RowCodec } from './mapping/row-codec';

/** The texts that were made, of each table, by what the statement does: a rewrite has thousands alike. */
const texts = new WeakMap<RowCodec, Map<string, string>>();

/** The one statement that makes a change of one row. */
export function statementOf(codecs: ReadonlyMap<string, RowCodec>, change: RowChange): PlannedStatement {
  const codec = codecs.get(change.type) as RowCodec;
  if (change.kind === 'insert') return insertion(codec, change);
  if (change.kind === 'update') return update(codec, change);
  const sql = textOf(codec, 'delete', (table) => `DELETE FROM ${table} WHERE _na_row = ?`);
  return { sql, params: [bind(change.row)] };
}

function update(codec: RowCodec, change: Extract<RowChange, { kind: 'update' }>): PlannedStatement {
  const { row, cells, position } = change;
  const what = `update ${cells === undefined ? '' : 'cells'} ${position === undefined ? '' : 'position'}`;
  const sql = textOf(codec, what, (table) => {
    const names = [
      ...(cells === undefined ? [] : codec.columnNames),
      ...(position === undefined ? [] : ['_na_pos']),
    ];
    return `UPDATE ${table} SET ${names.map((name) => `${quote(name)} = ?`).join(', ')} WHERE _na_row = ?`;
  });
  return { sql, params: [...(cells ?? []), ...(position === undefined ? [] : [position]), row].map(bind) };
}

function insertion(
  codec: RowCodec,
  { row: { row, position, cells }, place }: Extract<RowChange, { kind: 'insert' }>,
): PlannedStatement {
  const placed = placeColumns(codec, place);
  const what = `insert ${position === null ? '' : 'position'} ${placed.map(([name]) => name).join()}`;
  const own: [string, Cell][] = [...placed, ['_na_row', row]];
  if (position !== null) own.push(['_na_pos', position]);
  const sql = textOf(codec, what, (table) => {
    const names = [...codec.columnNames, ...own.map(([name]) => name)];
    return `INSERT INTO ${table} (${names.map(quote).join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  });
  return { sql, params: [...cells, ...own.map(([, value]) => value)].map(bind) };
}

function placeColumns(codec: RowCodec, place: RowPlace | undefined): [string, Cell][] {
  if (place === undefined) return [];
  const { parent, parentType, property } = place;
  const own: [string, Cell][] = [['_na_prop', property]];
  if (typeof parent === 'number') return [...own, ['_na_parent', parent], ['_na_parent_type', parentType]];
  const key = codec.plan.foreignKeys.find((foreign) => foreign.parentType === parentType);
  return [...own, [key?.column ?? '', parent]];
}

function textOf(codec: RowCodec, what: string, make: (table: string) => string): string {
  let known = texts.get(codec);
  if (known === undefined) texts.set(codec, (known = new Map()));
  let text = known.get(what);
  if (text === undefined) known.set(what, (text = make(quote(codec.plan.entity))));
  return text;
}

/** better-sqlite3 binds numbers as REAL; a BigInt is INTEGER. */
function bind(cell: Cell): unknown {
  return Number.isSafeInteger(cell) ? BigInt(cell as number) : cell;
}
