import type { PlannedStatement } from '@nasc/store-core';
import { quoteIdentifier as quote } from '@nasc/store-sqlite/internal';
import type { RowChange, RowPlace } from './mapping/diff-rows';
import type { Cell } from './mapping/row';
import type { RowCodec } from './mapping/row-codec';

/** The one statement that makes a change of one row. */
export function statementOf(codecs: ReadonlyMap<string, RowCodec>, change: RowChange): PlannedStatement {
  const codec = codecs.get(change.type) as RowCodec;
  const table = quote(codec.plan.entity);
  if (change.kind === 'delete')
    return { sql: `DELETE FROM ${table} WHERE _na_row = ?`, params: [bind(change.row)] };
  const cells = change.kind === 'insert' ? change.row.cells : change.cells;
  const values = new Map<string, Cell>();
  if (cells !== undefined) codec.columnNames.forEach((name, i) => values.set(name, cells[i] ?? null));
  if (change.kind === 'update') {
    if (change.position !== undefined) values.set('_na_pos', change.position);
    const sets = [...values.keys()].map((name) => `${quote(name)} = ?`).join(', ');
    const sql = `UPDATE ${table} SET ${sets} WHERE _na_row = ?`;
    return { sql, params: [...values.values(), change.row].map(bind) };
  }
  for (const [name, value] of placeColumns(codec, change.place)) values.set(name, value);
  if (change.row.position !== null) values.set('_na_pos', change.row.position);
  values.set('_na_row', change.row.row);
  const names = [...values.keys()].map(quote).join(', ');
  const sql = `INSERT INTO ${table} (${names}) VALUES (${[...values].map(() => '?').join(', ')})`;
  return { sql, params: [...values.values()].map(bind) };
}

function placeColumns(codec: RowCodec, place: RowPlace | undefined): [string, Cell][] {
  if (place === undefined) return [];
  const { parent, parentType, property } = place;
  const own: [string, Cell][] = [['_na_prop', property]];
  if (typeof parent === 'number') return [...own, ['_na_parent', parent], ['_na_parent_type', parentType]];
  const key = codec.plan.foreignKeys.find((foreign) => foreign.parentType === parentType);
  return [...own, [key?.column ?? '', parent]];
}

/** better-sqlite3 binds numbers as REAL; a BigInt is INTEGER. */
function bind(cell: Cell): unknown {
  return Number.isSafeInteger(cell) ? BigInt(cell as number) : cell;
}
