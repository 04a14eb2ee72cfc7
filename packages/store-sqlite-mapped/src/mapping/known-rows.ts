import { isUnchanged, type CellSlot } from './is-unchanged';
import type { Row } from './row';
import type { RowCodec } from './row-codec';

/** How far ahead an unchanged item is looked for, past items that were removed or changed. */
const WINDOW = 16;

/**
 * The rows that an instance had, met again item by item in the order of the document: first by the
 * guard, which need not look into what is known, then by the encoder, which takes the rows.
 */
export class KnownRows {
  readonly #rows: Row[] = [];
  /** Of each row. */
  readonly #slots: (readonly CellSlot[])[] = [];
  readonly #met: Row[] = [];
  readonly #items: unknown[] = [];
  #next = 0;
  #taken = 0;

  constructor(codec: RowCodec, root: Row) {
    for (const [i, list] of root.lists.entries()) {
      const child = codec.child(i);
      // Only rows that nothing hangs on: what is below would have to be compared too.
      if (child.plan.lists.length > 0) continue;
      for (const row of list) {
        this.#rows.push(row);
        this.#slots.push(child.cellSlots);
      }
    }
  }

  /** Whether an object is the next known row, or one of those after it. */
  readonly isKnown = (item: object): boolean => {
    const end = Math.min(this.#next + WINDOW, this.#rows.length);
    for (let i = this.#next; i < end; i++) {
      const row = this.#rows[i] as Row;
      const overflow = row.cells[row.cells.length - 1];
      if (overflow !== null || !isUnchanged(item, row.cells, this.#slots[i] as readonly CellSlot[])) continue;
      this.#next = i + 1;
      this.#items.push(item);
      this.#met.push(row);
      return true;
    }
    return false;
  };

  /** The row of an item that {@link KnownRows.isKnown} has met, asked for in the same order. */
  take(item: unknown): Row | undefined {
    if (this.#taken >= this.#items.length || this.#items[this.#taken] !== item) return undefined;
    return this.#met[this.#taken++];
  }
}
