import Database from 'better-sqlite3';
import { setImmediate as turn } from 'node:timers/promises';
import { temporaryFolder } from '../test-support/temporary-folder.ts';
import { DrizzleStore } from './drizzle-store.ts';
import { KyselyStore } from './kysely-store.ts';

describe.each([DrizzleStore, KyselyStore])('%p', (Store) => {
  it('keeps the order of calls that had to wait for the lock of another process', async () => {
    const { folder, destroy } = temporaryFolder();
    const store = new Store(`${folder}/store.db`, 'relaxed');
    await store.load('Doc', 'a'); // Opened.
    const other = new Database(`${folder}/store.db`);
    other.exec('BEGIN IMMEDIATE');
    const loads = Array.from({ length: 10 }, (_, i) => {
      const writing = store.persist('Doc', 'a', {}, { n: i });
      return Promise.all([writing, store.load('Doc', 'a')]);
    });
    for (let i = 0; i < 100; i++) await turn();
    other.exec('COMMIT');
    other.close();
    const seen = (await Promise.all(loads)).map(([, state]) => state as unknown);
    expect(seen).toEqual(Array.from({ length: 10 }, (_, n) => ({ n })));
    await store.close();
    destroy();
  });
});
