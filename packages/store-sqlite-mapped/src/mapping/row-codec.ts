import { decodeCell, encodeCell } from './cell-codec';
import type { CellSlot } from './is-unchanged';
import type { KnownRows } from './known-rows';
import { parseOverflow, writeOverflow, type Overflow } from './overflow';
import type { Cell, Row } from './row';
import type { ColumnKind, MappingPlan, TablePlan } from './table-plan';

/** Where a property goes: into a cell, or into a list; and its place in the schema's order. */
interface Slot {
  readonly order: number;
  readonly cell: number;
  readonly kind: ColumnKind | 'list' | 'none';
  readonly list: number;
}

/** Turns states of one type into rows and back, without loss. One for each table plan. */
export class RowCodec {
  readonly #slots = new Map<string, Slot>();
  readonly #order: readonly string[];
  readonly #firstPresence: number;
  readonly #overflow: number;
  /** The properties with cells, in the schema's order. */
  readonly cellSlots: readonly CellSlot[];
  /** The names of the cells' columns, in their order. */
  readonly columnNames: readonly string[];
  /** Whether plain assignment makes every property an own one. */
  readonly #assignable: boolean;
  #children: readonly RowCodec[] = [];
  /** The lists whose items have no lists themselves: a row is all that such an item is. */
  leafLists: ReadonlyMap<string, number> = new Map();

  constructor(readonly plan: TablePlan) {
    const { pk, pkKind, columns, lists, order } = plan;
    this.#order = order.includes(pk) ? order : [pk, ...order];
    this.#firstPresence = 1 + columns.length;
    this.#overflow = this.#firstPresence + lists.length;
    const cells = new Map<string, Pick<Slot, 'cell' | 'kind' | 'list'>>([
      [pk, { cell: 0, kind: pkKind, list: -1 }],
    ]);
    columns.forEach(({ property, kind }, i) => cells.set(property, { cell: 1 + i, kind, list: -1 }));
    lists.forEach(({ property }, i) =>
      cells.set(property, { cell: this.#firstPresence + i, kind: 'list', list: i }),
    );
    this.cellSlots = this.#order.flatMap((property) => {
      const { cell, kind } = cells.get(property) ?? { cell: -1, kind: 'none' };
      return kind === 'none' || kind === 'list' ? [] : [{ property, cell, kind }];
    });
    this.columnNames = [
      pk,
      ...columns.map(({ property }) => property),
      ...lists.map(({ presence }) => presence),
      '_na_overflow',
    ];
    this.#assignable = !this.#order.includes('__proto__');
    for (const [at, property] of this.#order.entries()) {
      this.#slots.set(property, {
        order: at,
        ...(cells.get(property) ?? { cell: -1, kind: 'none', list: -1 }),
      });
    }
  }

  /** The codec of a list's items. */
  child(list: number): RowCodec {
    const codec = this.#children[list];
    if (codec === undefined) throw new RangeError(`${this.plan.type} has no list ${list}`);
    return codec;
  }

  /** One codec for each mapped type, linked. */
  static forPlan(plan: MappingPlan): ReadonlyMap<string, RowCodec> {
    const codecs = new Map([...plan].map(([type, table]) => [type, new RowCodec(table)]));
    for (const codec of codecs.values()) {
      codec.#children = codec.plan.lists.map(({ childType }) => codecs.get(childType) as RowCodec);
      codec.leafLists = new Map(
        codec.plan.lists.flatMap(({ property }, i) =>
          codec.child(i).plan.lists.length === 0 ? [[property, i] as const] : [],
        ),
      );
    }
    return codecs;
  }

  /**
   * @param value the state of an instance, or an item of a list; checked by the guard.
   * @param id of an instance: its id, which is what the key column holds.
   * @param known what the guard has found unchanged: its rows are taken as they are.
   */
  encode(value: unknown, id?: string, known?: KnownRows): Row {
    const cells: Cell[] = new Array<Cell>(this.#overflow + 1).fill(null);
    const lists: (readonly Row[])[] = this.plan.lists.map(() => EMPTY);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      cells[this.#overflow] = writeOverflow({ item: { value } });
      return { cells, lists };
    }
    const overflow: Overflow = {};
    const keys: string[] = [];
    let last = -1;
    let ordered = true;
    for (const key of Object.keys(value)) {
      const own = (value as Record<string, unknown>)[key];
      if (own === undefined) continue;
      keys.push(key);
      const slot = this.#slots.get(key);
      const order = slot?.order ?? Infinity;
      if (order < last) ordered = false;
      last = order;
      if (slot === undefined || !this.#put(slot, own, { cells, lists }, id, known))
        (overflow.values ??= []).push([key, own]);
    }
    if (id !== undefined) {
      if (!keys.includes(this.plan.pk)) overflow.keyless = true;
      cells[0] = id;
    }
    if (!ordered) overflow.order = keys;
    cells[this.#overflow] = writeOverflow(overflow);
    return { cells, lists };
  }

  /** @returns whether the value is in its cell, or in its list. */
  #put(slot: Slot, value: unknown, { cells, lists }: Filling, id?: string, known?: KnownRows): boolean {
    if (slot.kind === 'none') return false;
    if (slot.kind === 'list') {
      if (!Array.isArray(value)) return false;
      const child = this.child(slot.list);
      const encode = (item: unknown): Row => child.encode(item);
      lists[slot.list] = known?.rows(slot.list, value, encode) ?? value.map(encode);
      cells[slot.cell] = 1;
      return true;
    }
    if (slot.cell === 0 && id !== undefined) return value === id;
    const cell = encodeCell(slot.kind, value);
    if (cell === undefined) return false;
    cells[slot.cell] = cell;
    return true;
  }

  /**
   * The value that a row holds. A column that is not NULL beats the overflow; NULL without overflow
   * is a property that is missing.
   *
   * @throws FlawedRow when the row cannot have been written by the store nor by sensible SQL.
   */
  decode(row: Row, id?: string): unknown {
    const text = row.cells[this.#overflow] ?? null;
    if (text === null && this.#assignable && id === undefined) return this.#decodePlain(row);
    const overflow = text === null ? NOTHING : parseOverflow(text);
    if (overflow.item !== undefined && row.cells.every((cell, i) => cell === null || i === this.#overflow)) {
      return overflow.item.value;
    }
    const values = new Map(overflow.values);
    for (const [property, slot] of this.#slots) {
      const value = this.#get(slot, row, overflow, id);
      if (value !== undefined) values.set(property, value);
    }
    return Object.fromEntries(this.#sorted(values, overflow.order));
  }

  /** An item without overflow: most are. */
  #decodePlain(row: Row): object {
    const value: Record<string, unknown> = {};
    if (this.plan.lists.length === 0) {
      for (const { property, cell: at, kind } of this.cellSlots) {
        const cell = row.cells[at] ?? null;
        if (cell !== null) value[property] = decodeCell(kind, cell);
      }
      return value;
    }
    for (const [property, slot] of this.#slots) {
      const own = this.#get(slot, row, NOTHING, undefined);
      if (own !== undefined) value[property] = own;
    }
    return value;
  }

  #get(slot: Slot, row: Row, overflow: Overflow, id: string | undefined): unknown {
    if (slot.kind === 'none') return undefined;
    const cell = row.cells[slot.cell] ?? null;
    if (slot.kind === 'list') {
      const rows = row.lists[slot.list] ?? EMPTY;
      if (rows.length === 0 && cell === null) return undefined;
      const child = this.child(slot.list);
      return rows.map((item) => child.decode(item));
    }
    if (slot.cell === 0 && id !== undefined) {
      // The key of an instance is its id, and its own property only where nothing else is said.
      const says = overflow.keyless || overflow.values?.some(([property]) => property === this.plan.pk);
      return says ? undefined : id;
    }
    return cell === null ? undefined : decodeCell(slot.kind, cell);
  }

  /** The schema's order, then what the schema does not know; or the order that was recorded. */
  #sorted(values: Map<string, unknown>, recorded: readonly string[] | undefined): [string, unknown][] {
    const names = [...(recorded ?? []), ...this.#order, ...values.keys()];
    const entries: [string, unknown][] = [];
    for (const name of names) {
      const value = values.get(name);
      if (value === undefined) continue;
      entries.push([name, value]);
      values.delete(name);
    }
    return entries;
  }
}

/** A row while it is filled. */
interface Filling {
  readonly cells: Cell[];
  readonly lists: (readonly Row[])[];
}

const EMPTY: readonly Row[] = [];
const NOTHING: Overflow = {};
