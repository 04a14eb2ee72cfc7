import { join } from 'node:path';
import { open } from 'lmdb';
import type { Contestant } from './contestant.ts';

/**
 * lmdb-js, values in MessagePack. On all systems but Windows (`overlappingSync`) the promise of a `put`
 * resolves when it is committed and visible, the flush goes on behind it; `flushed` resolves when it is on
 * disk. The database is consistent either way, so that the README's set-up is what `relaxed` is elsewhere.
 */
export const lmdbJs: Contestant = {
  name: 'lmdb',
  setups: {
    readme: { how: 'await put(…): committed, the flush to disk goes on behind it' },
    fsync: { how: 'await put(…), then await flushed' },
    relaxed: { how: 'as its README' },
  },
  async open(folder, setup) {
    const database = open<unknown, string>({ path: join(folder, 'lmdb') });
    return {
      isAsync: true,
      write:
        setup === 'fsync'
          ? async (id, state) => {
              await database.put(id, state);
              await database.flushed;
            }
          : (id, state) => database.put(id, state),
      read: (id) => database.get(id) as unknown,
      close: () => database.close(),
    };
  },
};
