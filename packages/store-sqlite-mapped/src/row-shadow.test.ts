import type { StoredRow } from './mapping/row';
import { RowShadow } from './row-shadow';

const MiB = 2 ** 20;
const row = (text: string, items: readonly StoredRow[] = []): StoredRow => ({
  row: 1,
  position: null,
  cells: [null, 1, text],
  lists: [items],
});
/** A root with an item of so many bytes among others. */
const rootOf = (bytes: number, others = 10): StoredRow => {
  const small = Array.from({ length: others }, () => row('small'));
  return row('root', [...small, row('x'.repeat(bytes / 2))]);
};

describe('RowShadow', () => {
  it('lets the least recently used go when an instance grows', () => {
    const shadow = new RowShadow();
    shadow.set('old', 1, rootOf(MiB));
    shadow.set('growing', 1, rootOf(MiB));
    shadow.set('growing', 2, rootOf(62 * MiB));
    expect(shadow.peek('old')).toBeDefined();
    shadow.set('growing', 3, rootOf(64 * MiB - 100_000));
    expect(shadow.peek('old')).toBeUndefined();
    expect(shadow.get('growing', 3)).toBeDefined();
  });

  it('has room again when an instance shrinks, or loses items', () => {
    const shadow = new RowShadow();
    for (const smaller of [rootOf(MiB), rootOf(MiB, 3), row('root'), rootOf(MiB, 30)]) {
      shadow.clear();
      shadow.set('first', 1, rootOf(MiB));
      shadow.set('shrinking', 1, rootOf(60 * MiB));
      shadow.set('shrinking', 2, smaller);
      shadow.set('shrinking', 3, { ...smaller, cells: [...smaller.cells] });
      shadow.set('large', 1, rootOf(58 * MiB));
      expect(shadow.peek('first')).toBeDefined();
      expect(shadow.peek('shrinking')).toBeDefined();
      shadow.delete('large');
      shadow.set('larger', 1, rootOf(63 * MiB));
      expect(shadow.peek('first')).toBeUndefined();
    }
  });

  it('counts a row that has not changed as it was counted', () => {
    const shadow = new RowShadow();
    const root = rootOf(MiB);
    for (let rev = 1; rev < 40; rev++) {
      const lists = root.lists.map((list) => (rev % 2 === 0 ? list : [...list]));
      shadow.set('same', rev, { ...root, cells: [null, rev, 'root'], lists });
      shadow.set('same', rev, { ...root, cells: [null, rev, 'root'], lists });
    }
    shadow.set('other', 1, rootOf(50 * MiB));
    expect(shadow.peek('same')).toBeDefined();
  });

  it('is bounded in bytes, the least recently used going first', () => {
    const shadow = new RowShadow();
    const each = { row: 1, position: null, cells: ['x'.repeat(MiB)], lists: [] };
    for (let i = 0; i < 40; i++) shadow.set(String(i), 1, each);
    const kept = Array.from({ length: 40 }, (_, i) => shadow.get(String(i), 1) !== undefined);
    // 2 MiB each, of 64.
    expect(kept.lastIndexOf(false)).toBe(8);
    expect(kept.filter(Boolean)).toHaveLength(31);
  });
});
