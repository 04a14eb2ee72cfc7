import { expectRoundTrips } from '@nasc/test-support';
import { MemoryStore } from './memory-store';

describe('MemoryStore', () => {
  it('gives back 1,000 generated documents to the letter', async () => {
    await using store = new MemoryStore();
    await expectRoundTrips(store, { numRuns: 1_000, seed: 7 });
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ rev: 1_000 });
  });
});
