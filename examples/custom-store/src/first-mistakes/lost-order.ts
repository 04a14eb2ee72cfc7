import { JsonRowsStore } from './json-rows-store';

interface Item {
  readonly id: unknown;
}

/** Mistake 6: items come back in the order of their keys, as a table without a position gives them. */
export class LostOrder extends JsonRowsStore {
  override async load(type: string, id: string): Promise<unknown> {
    const state = (await super.load(type, id)) as { items?: unknown } | null;
    if (Array.isArray(state?.items) && state.items.every(isKeyed)) {
      state.items.sort((a: Item, b: Item) => (String(a.id) < String(b.id) ? -1 : 1));
    }
    return state;
  }
}

function isKeyed(item: unknown): item is Item {
  return typeof item === 'object' && item !== null && 'id' in item;
}
