import { byKey, idOf, onItems, textOf, type Item } from './broken-arrays';
import { isPlainObject } from './broken-values';
import { ReferenceStore } from './reference-store';
import { broken, type BrokenStore } from './zoo-target';

/** Of two arrays of a state, items of the same key have the same children. */
function shareChildren(text: string): string {
  const state = JSON.parse(text) as Record<string, unknown>;
  const children = new Map<unknown, { of: string; items: unknown }>();
  for (const [name, array] of Object.entries(state)) {
    if (!Array.isArray(array)) continue;
    for (const item of array.filter(isPlainObject)) {
      if (!Array.isArray(item.items)) continue;
      const first = children.get(item.id) ?? { of: name, items: item.items };
      children.set(item.id, first);
      if (first.of !== name) item.items = first.items;
    }
  }
  return JSON.stringify(state);
}

/** Broken in what becomes of items: groups B and K. */
export const brokenItems: readonly BrokenStore[] = [
  broken(
    'B4',
    'merges items into those of the same key',
    onItems((items, before) =>
      items.map((item) => {
        const earlier = before.find((one) => isPlainObject(one) && one.id === idOf(item));
        if (!isPlainObject(item) || typeof item.id !== 'string' || !isPlainObject(earlier)) return item;
        return { ...item, ...earlier, ...item };
      }),
    ),
  ),
  broken(
    'K1',
    'removes 999 items at most',
    onItems((items, before) => {
      const keys = new Set(items.map(textOf));
      return [...items, ...before.filter((item) => !keys.has(textOf(item))).slice(999)];
    }),
  ),
  broken(
    'K1',
    'puts blocks of 1,000 new items before each other',
    onItems((items, before) => {
      const keys = new Set(before.map(textOf));
      if (items.length <= 2_000 || items.some((item) => keys.has(textOf(item)))) return items;
      return [...items.slice(1_000), ...items.slice(0, 1_000)];
    }),
  ),
  broken(
    'K5',
    'cuts keys at 255',
    onItems((items) =>
      items.every((item) => typeof idOf(item) === 'string' && textOf(item).length >= 255)
        ? byKey(items, (item) => textOf(item).slice(0, 255))
        : items,
    ),
  ),
  broken(
    'K5',
    'cuts keys at 1,000',
    onItems((items) =>
      items.every((item) => typeof idOf(item) === 'string' && textOf(item).length >= 1_000)
        ? byKey(items, (item) => textOf(item).slice(0, 1_000))
        : items,
    ),
  ),
  broken(
    'K6',
    'puts items with the keys "" and 0 last',
    onItems((items) =>
      items.every((item) => ['string', 'number'].includes(typeof idOf(item)))
        ? [...items.filter((item) => idOf(item)), ...items.filter((item) => !idOf(item))]
        : items,
    ),
  ),
  broken(
    'K7',
    'children of one key in two arrays are one',
    class extends ReferenceStore {
      protected override encode(text: string): string {
        return shareChildren(text);
      }
    },
  ),
  broken(
    'K9',
    'orders items by a position of their own',
    onItems((items) => {
      const at = (item: unknown) => (item as Item).position as number;
      const hasPosition = (item: unknown) => isPlainObject(item) && typeof item.position === 'number';
      return items.every(hasPosition) ? items.toSorted((a, b) => at(a) - at(b)) : items;
    }),
  ),
];
