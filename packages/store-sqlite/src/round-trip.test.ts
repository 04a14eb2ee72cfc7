import fc from 'fast-check';
import { SqliteStore } from './sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

describe('SqliteStore', () => {
  it('gives back 10,000 generated documents to the letter', async () => {
    await using store = new SqliteStore(temp('a.db'), { durability: 'relaxed' });
    const documents = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
    const check = fc.asyncProperty(documents, async (full) => {
      await store.persist('T', 'a', {}, full);
      expect(JSON.stringify(await store.load('T', 'a'))).toBe(JSON.stringify(full));
    });
    await fc.assert(check, { numRuns: 10_000 });
    expect(await store.loadVersioned('T', 'a')).toMatchObject({ rev: 10_000 });
  });
});
