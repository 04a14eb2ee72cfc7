import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Contestant } from './contestant.ts';

/** LevelDB, with its JSON encoding. By default a write is handed to the operating system; `sync` is an fsync. */
export const classicLevel: Contestant = {
  name: 'classic-level',
  setups: {
    readme: { how: "new ClassicLevel(path, { valueEncoding: 'json' }): handed to the operating system" },
    fsync: { how: 'put(…, { sync: true })' },
    relaxed: { how: 'as its README; a log that is not synced loses the last writes with the power' },
  },
  async open(folder, setup) {
    const level = new ClassicLevel<string, unknown>(join(folder, 'level'), { valueEncoding: 'json' });
    await level.open();
    const options = setup === 'fsync' ? { sync: true } : {};
    return {
      isAsync: true,
      write: (id, state) => level.put(id, state, options),
      read: (id) => level.get(id),
      close: () => level.close(),
    };
  },
};
