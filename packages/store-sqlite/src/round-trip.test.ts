import { expectRoundTrips, useTempFolder } from '@nasc/test-support';
import { SqliteStore } from './sqlite-store';

const temp = useTempFolder();

describe('SqliteStore', () => {
  it('gives back 1,000 generated documents to the letter', async () => {
    await using store = new SqliteStore(temp('a.db'), { durability: 'relaxed' });
    await expectRoundTrips(store, { numRuns: 1_000, seed: 7 });
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ rev: 1_000 });
  });
});
