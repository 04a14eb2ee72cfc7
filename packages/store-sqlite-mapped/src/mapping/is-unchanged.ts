import { types } from 'node:util';
import type { Cell } from './row';
import type { ColumnKind } from './table-plan';

/** A property that has a cell, in the schema's order. */
export interface CellSlot {
  readonly property: string;
  readonly cell: number;
  readonly kind: ColumnKind;
}

const { hasOwnProperty } = Object.prototype;

/**
 * Whether an item is what a stored row without overflow says, key order included: the one pass that
 * guards and compares what has not changed, which is nearly everything. `false` means look closely.
 *
 * A value that equals a stored cell needs no further guarding. An accessor that answers with what is
 * stored passes: nothing is written for it.
 *
 * @param slots of the type's table, lists aside, in the schema's order.
 */
export function isUnchanged(value: unknown, cells: readonly Cell[], slots: readonly CellSlot[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (Object.getPrototypeOf(value) !== Object.prototype || types.isProxy(value)) return false;
  let at = 0;
  let keys = 0;
  for (const key in value) {
    if (!hasOwnProperty.call(value, key)) continue;
    while (at < slots.length && cells[(slots[at] as CellSlot).cell] === null) at++;
    const slot = slots[at++];
    if (slot === undefined || slot.property !== key) return false;
    if (!isCell((value as Record<string, unknown>)[key], cells[slot.cell] as Cell, slot.kind)) return false;
    keys++;
  }
  while (at < slots.length && cells[(slots[at] as CellSlot).cell] === null) at++;
  return (
    at >= slots.length &&
    Object.getOwnPropertyNames(value).length === keys &&
    Object.getOwnPropertySymbols(value).length === 0
  );
}

/** JSON columns are compared as text, which the close look does. */
function isCell(value: unknown, cell: Cell, kind: ColumnKind): boolean {
  if (kind === 'boolean') return typeof value === 'boolean' && Number(value) === cell;
  return kind !== 'json' && value === cell;
}
