import { join } from 'node:path';
import type { Store } from '@nasc/store-core';
import { MemoryStore } from '@nasc/store-memory';
import { SqliteStore } from '@nasc/store-sqlite';
import { SqliteMappedStore } from '@nasc/store-sqlite-mapped';
import { appModel } from '../app-model.ts';
import type { Contestant, Kept } from './contestant.ts';

const durable = {
  readme: { how: 'new, with no options: the same as fsync' },
  fsync: { how: "durability: 'fsync' (WAL, synchronous=FULL), commits of one turn share an fsync" },
  relaxed: { how: "durability: 'relaxed' (WAL, synchronous=NORMAL)" },
};

/** {@link SqliteStore} */
export const sqliteStore: Contestant = {
  name: 'SqliteStore',
  setups: durable,
  open: async (folder, setup) => keep(new SqliteStore(join(folder, 'store.db'), optionsOf(setup))),
};

/** {@link SqliteMappedStore} */
export const mappedStore: Contestant = {
  name: 'SqliteMappedStore',
  setups: durable,
  open: async (folder, setup) =>
    keep(new SqliteMappedStore(join(folder, 'mapped.db'), { ...appModel, ...optionsOf(setup) })),
};

const volatile = 'keeps nothing on disk';

/** {@link MemoryStore} */
export const memoryStore: Contestant = {
  name: 'MemoryStore',
  setups: { readme: { how: volatile }, fsync: { unavailable: volatile }, relaxed: { unavailable: volatile } },
  open: async () => keep(new MemoryStore()),
};

function optionsOf(setup: string): { durability?: 'fsync' | 'relaxed' } {
  return setup === 'relaxed' || setup === 'fsync' ? { durability: setup } : {};
}

function keep(store: Store & { close(): Promise<void> }): Kept {
  return {
    isAsync: true,
    // Without a diff: every store has to find out by itself what changed.
    write: (id, state) => store.persist('TodoList', id, {}, state),
    read: (id) => store.load('TodoList', id) as Promise<unknown>,
    close: () => store.close(),
  };
}
