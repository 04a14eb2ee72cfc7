import { expectRoundTrips, useTempFolder } from '@nasc/test-support';
import { SqliteStore } from './sqlite-store';

const temp = useTempFolder();

describe('SqliteStore', () => {
  it('gives back 10,000 generated documents to the letter', async () => {
    await using store = new SqliteStore(temp('a.db'), { durability: 'relaxed' });
    await expectRoundTrips(store, { numRuns: 10_000 });
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ rev: 10_000 });
  });
});
