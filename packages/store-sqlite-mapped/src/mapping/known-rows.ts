import type { KnownItem, KnownState } from '@nasc/store-core';
import { isUnchanged, type CellSlot } from './is-unchanged';
import type { Row, StoredRow } from './row';

/** How far ahead an unchanged item is looked for, past items that were removed or changed. */
const WINDOW = 16;

/** What a codec says about the lists of its rows. */
export interface RowLists {
  /** The lists whose items have no lists themselves, by property: a row is all that such an item is. */
  readonly leafLists: ReadonlyMap<string, number>;
  /** The codec of a list's items: `cellSlots` are their properties with cells, in the schema's order. */
  child(list: number): { readonly cellSlots: readonly CellSlot[] };
}

/**
 * The rows that an instance had, met again item by item in the order of the document: by the guard,
 * which need not look into what is known, and then by the encoder, which takes the rows.
 */
export class KnownRows implements KnownState {
  /** Of each list that was met, the rows that its items are; holes where they are none. */
  readonly #met = new Map<number, Row[]>();

  constructor(
    private readonly codec: RowLists,
    private readonly root: StoredRow,
  ) {}

  items(property: string, length: number): KnownItem | undefined {
    const list = this.codec.leafLists.get(property);
    const rows = list === undefined ? undefined : this.root.lists[list];
    if (list === undefined || rows === undefined || rows.length === 0) return undefined;
    const met = new Array<Row>(length);
    this.#met.set(list, met);
    const slots = this.codec.child(list).cellSlots;
    let next = 0;
    return (item, index) => {
      for (let i = next; i < rows.length && i < next + WINDOW; i++) {
        const row = rows[i] as StoredRow;
        if (!isUnchanged(item, row.cells, slots)) continue;
        met[index] = row;
        next = i + 1;
        return true;
      }
      return false;
    };
  }

  /**
   * The rows of a list's items.
   *
   * @param encode makes the row of an item that is not as it was.
   * @returns the known rows themselves where nothing has changed.
   */
  rows(list: number, items: readonly unknown[], encode: (item: unknown) => Row): readonly Row[] | undefined {
    const met = this.#met.get(list);
    if (met === undefined) return undefined;
    const known = this.root.lists[list] as readonly Row[];
    let same = known.length === items.length;
    for (let i = 0; i < items.length; i++) {
      const row = (met[i] ??= encode(items[i]));
      same &&= row === known[i];
    }
    return same ? known : met;
  }
}
