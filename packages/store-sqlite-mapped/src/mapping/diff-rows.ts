import { assignPositions } from './positions';
import type { Cell, Row, StoredRow } from './row';
import type { RowCodec } from './row-codec';

/** Where an item belongs. */
export interface RowPlace {
  /** The id of the root instance, for an item of its own list; else the row of the parent item. */
  readonly parent: string | number;
  readonly parentType: string;
  readonly property: string;
}

/** One row to write. */
export type RowChange =
  | {
      readonly kind: 'insert';
      readonly type: string;
      readonly row: StoredRow;
      readonly place: RowPlace | undefined;
    }
  | {
      readonly kind: 'update';
      readonly type: string;
      readonly row: number;
      /** Absent where only the position changes. */
      readonly cells: readonly Cell[] | undefined;
      /** Absent where only the cells change. */
      readonly position: number | undefined;
    }
  /** The rows below it go with it. */
  | { readonly kind: 'delete'; readonly type: string; readonly row: number };

/** Collects what has to be written to make stored rows what they should be. */
export class RowDiff {
  readonly changes: RowChange[] = [];

  /** @param newRow gives the number of a new row of a type. */
  constructor(private readonly newRow: (type: string) => number) {}

  /** @returns the root as it will be stored. */
  root(codec: RowCodec, stored: StoredRow | undefined, target: Row, id: string): StoredRow {
    if (stored === undefined) return this.#insert(codec, target, null, undefined, id);
    return this.#update(codec, stored, target, null, id);
  }

  #insert(
    codec: RowCodec,
    target: Row,
    position: number | null,
    place: RowPlace | undefined,
    id: string | undefined,
  ): StoredRow {
    const row = this.newRow(codec.plan.type);
    const at = this.changes.push({ kind: 'delete', type: codec.plan.type, row }) - 1;
    const lists = target.lists.map((list, i) => this.#list(codec, i, [], list, id ?? row));
    const stored = { row, position, cells: target.cells, lists };
    this.changes[at] = { kind: 'insert', type: codec.plan.type, row: stored, place };
    return stored;
  }

  #update(codec: RowCodec, stored: StoredRow, target: Row, position: number | null, id?: string): StoredRow {
    const { row } = stored;
    const cells = sameCells(stored.cells, target.cells) ? undefined : target.cells;
    const moved = position === stored.position ? undefined : (position ?? undefined);
    if (cells !== undefined || moved !== undefined) {
      this.changes.push({ kind: 'update', type: codec.plan.type, row, cells, position: moved });
    }
    let same = cells === undefined && moved === undefined;
    const lists = stored.lists.map((list, i) => {
      const next = this.#list(codec, i, list, target.lists[i] ?? [], id ?? row);
      same &&= next === list;
      return next;
    });
    return same ? stored : { row, position: moved ?? stored.position, cells: cells ?? stored.cells, lists };
  }

  /** Rows that are where they were. @returns the same array where nothing has changed. */
  #updateAll(codec: RowCodec, stored: readonly StoredRow[], target: readonly Row[]): readonly StoredRow[] {
    let next: StoredRow[] | undefined;
    for (let i = 0; i < stored.length; i++) {
      const row = stored[i] as StoredRow;
      if (row === target[i]) continue;
      const updated = this.#update(codec, row, target[i] as Row, row.position);
      if (updated !== row) (next ??= [...stored])[i] = updated;
    }
    return next ?? stored;
  }

  #list(
    codec: RowCodec,
    index: number,
    stored: readonly StoredRow[],
    target: readonly Row[],
    parent: string | number,
  ): readonly StoredRow[] {
    const list = codec.plan.lists[index];
    if (list === undefined || stored === target || (stored.length === 0 && target.length === 0))
      return stored;
    const child = codec.child(index);
    if (isSameOrder(stored, target)) return this.#updateAll(child, stored, target);
    const { matches, left, start, end } = matchRows(stored, target);
    for (const { row } of left) this.changes.push({ kind: 'delete', type: list.childType, row });
    const positions = assignPositions(
      matches.map((match) => match?.position ?? null),
      start,
      end,
    );
    const place = { parent, parentType: codec.plan.type, property: list.property };
    return target.map((row, i) => {
      const match = matches[i];
      const position = positions[i] as number;
      if (match === undefined) return this.#insert(child, row, position, place, undefined);
      if (match === row && match.position === position) return match;
      return this.#update(child, match, row, position);
    });
  }
}

/** Whether nothing was added, removed or moved. */
function isSameOrder(stored: readonly StoredRow[], target: readonly Row[]): boolean {
  if (stored.length !== target.length) return false;
  for (let i = 0; i < stored.length; i++) {
    if (stored[i] !== target[i] && !isSameItem(stored[i], target[i])) return false;
  }
  return true;
}

/**
 * Which stored row each target row is; the rest of the stored rows is left over.
 *
 * @returns also where what is as it was at the beginning ends (`start`), and where what is as it was at
 *   the end begins (`end`), in the target.
 */
export function matchRows(
  stored: readonly StoredRow[],
  target: readonly Row[],
): { matches: (StoredRow | undefined)[]; left: StoredRow[]; start: number; end: number } {
  const matches = new Array<StoredRow | undefined>(target.length);
  let start = 0;
  while (start < stored.length && start < target.length && isSameItem(stored[start], target[start])) {
    matches[start] = stored[start];
    start++;
  }
  let [oldEnd, end] = [stored.length, target.length];
  while (oldEnd > start && end > start && isSameItem(stored[oldEnd - 1], target[end - 1])) {
    matches[--end] = stored[--oldEnd];
  }
  const rest = stored.slice(start, oldEnd);
  const byKey = Map.groupBy(rest.toReversed(), itemKey);
  for (let i = start; i < end; i++) matches[i] = byKey.get(itemKey(target[i] as Row))?.pop();
  // Items without a key that have changed are taken for each other, in their order.
  const used = new Set(matches.slice(start, end));
  const keyless = rest.filter((row) => row.cells[0] === null && !used.has(row)).reverse();
  for (let i = start; i < end; i++) {
    if (matches[i] !== undefined || target[i]?.cells[0] !== null) continue;
    const match = keyless.pop();
    matches[i] = match;
    used.add(match);
  }
  return { matches, left: rest.filter((row) => !used.has(row)), start, end };
}

function isSameItem(stored: Row | undefined, target: Row | undefined): boolean {
  if (stored !== undefined && stored === target) return true;
  if (stored === undefined || target === undefined || stored.cells[0] !== target.cells[0]) return false;
  return stored.cells[0] !== null || sameCells(stored.cells, target.cells);
}

/** The key, or for an item without one its cells. */
function itemKey({ cells }: Row): string {
  const [key] = cells;
  return JSON.stringify(key === null ? cells : key);
}

function sameCells(a: readonly Cell[], b: readonly Cell[]): boolean {
  if (a === b) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
