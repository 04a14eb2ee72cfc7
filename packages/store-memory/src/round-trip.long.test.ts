import { expectRoundTrips } from '@nasc/test-support';
import { MemoryStore } from './memory-store';

describe('MemoryStore', () => {
  it('gives back 10,000 generated documents to the letter', async () => {
    await using store = new MemoryStore();
    await expectRoundTrips(store, { numRuns: 10_000 });
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ rev: 10_000 });
  });
});
