import { isStoreError, type Loaded, type VersionedStore, type Write } from '@nasc/store-core';
import { MemoryStore } from './index';

interface Item {
  id: string;
  done: boolean;
}

/** As an app declares its states. An interface has no index signature. */
interface List {
  id: string;
  items: Item[];
  note?: string;
}

// `pnpm typecheck` compiles this; there is nothing else to see it fail by.
describe('a state whose type is an interface', () => {
  it('is committed and loaded without casts', async () => {
    const store: VersionedStore = new MemoryStore();
    const next: List = { id: 'l', items: [{ id: 'a', done: true }] };
    await store.commit([{ type: 'List', id: 'l', diff: {}, full: next, ifRev: 0 }]);
    const loaded = await store.loadVersioned('List', 'l');
    const list = loaded?.state as List;
    const typed: Loaded<List> | null = await store.loadVersioned('List', 'l');
    expect([list.items, typed?.state.items[0]?.done, typed?.rev]).toEqual([next.items, true, 1]);
    const removal: Write = { type: 'List', id: 'l', diff: {}, full: null };
    expect(await store.commit([removal])).toEqual({ status: 'committed', revs: [2] });
  });

  it('is refused when it is no state, by the call', async () => {
    const write: Write = { type: 'List', id: 'l', diff: {}, full: [] };
    const error = await new MemoryStore().commit([write]).catch((reason: unknown) => reason);
    expect(isStoreError(error, 'STORE_INVALID_STATE')).toBe(true);
  });
});
