import type { Cell } from './row';
import type { ColumnKind } from './table-plan';

/** A property that has a cell, in the schema's order. */
export interface CellSlot {
  readonly property: string;
  readonly cell: number;
  readonly kind: ColumnKind;
}

/**
 * Whether an item is what a stored row says, key order included: the one pass that guards and compares
 * what has not changed, which is nearly everything. `false` means look closely.
 *
 * A value that equals a stored cell needs no further guarding. What JSON makes the same text of passes,
 * though the guard would refuse it in a new item: an accessor or a Proxy that answers with what is
 * stored, symbol keys (to ask for them would take as long as all the rest). Nothing is written for it.
 *
 * @param cells of the row; the last is its overflow.
 * @param slots of the type's table, lists aside, in the schema's order.
 */
export function isUnchanged(value: unknown, cells: readonly Cell[], slots: readonly CellSlot[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  // The first question is answered from the object's shape, and lets V8 answer the second from it too.
  if (value.constructor !== Object || Object.getPrototypeOf(value) !== Object.prototype) return false;
  if (cells[cells.length - 1] !== null) return false;
  let at = 0;
  let keys = 0;
  for (const key in value) {
    at = nextFilled(at, cells, slots);
    const slot = slots[at++];
    if (slot === undefined || slot.property !== key) return false;
    if (!isCell((value as Record<string, unknown>)[key], cells[slot.cell] as Cell, slot.kind)) return false;
    keys++;
  }
  return nextFilled(at, cells, slots) === slots.length && Object.getOwnPropertyNames(value).length === keys;
}

/** The next slot whose cell is not NULL. */
function nextFilled(at: number, cells: readonly Cell[], slots: readonly CellSlot[]): number {
  while (at < slots.length && cells[(slots[at] as CellSlot).cell] === null) at++;
  return at;
}

/** JSON columns are compared as text, which the close look does. */
function isCell(value: unknown, cell: Cell, kind: ColumnKind): boolean {
  if (kind === 'boolean') return value === true ? cell === 1 : value === false && cell === 0;
  return value === cell && kind !== 'json';
}
