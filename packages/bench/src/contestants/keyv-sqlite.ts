import { join } from 'node:path';
import KeyvSqlite from '@keyv/sqlite';
import Keyv from 'keyv';
import { throwFirst } from '../harness/throw-first.ts';
import type { Contestant } from './contestant.ts';

/**
 * Keyv with its SQLite adapter, on node:sqlite, the driver that it prefers. `new KeyvSqlite('sqlite://path')`
 * leaves SQLite's defaults: a rollback journal, synchronous=FULL, so the README's set-up is durable. Its
 * option `wal` gives WAL; `synchronous` goes through its `query`, which runs on the one connection it has.
 */
export const keyvSqlite: Contestant = {
  name: 'Keyv',
  setups: {
    readme: { how: "new Keyv({ store: new KeyvSqlite('sqlite://…') }): rollback journal, synchronous=FULL" },
    fsync: { how: 'wal: true, and synchronous=FULL through its query()' },
    relaxed: { how: 'wal: true, and synchronous=NORMAL through its query()' },
  },
  async open(folder, setup) {
    const uri = `sqlite://${join(folder, 'keyv.sqlite')}`;
    const store = new KeyvSqlite(setup === 'readme' ? uri : { uri, wal: true });
    if (setup !== 'readme') {
      await store.query(`PRAGMA synchronous=${setup === 'fsync' ? 'FULL' : 'NORMAL'}`);
    }
    const keyv = new Keyv({ store });
    const errors = throwFirst();
    keyv.on('error', errors.note);
    return {
      isAsync: true,
      write: async (id, state) => {
        await keyv.set(id, state);
        errors.check();
      },
      read: async (id) => (await keyv.get(id)) as unknown,
      close: () => keyv.disconnect(),
    };
  },
};
