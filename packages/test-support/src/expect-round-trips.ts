import fc from 'fast-check';

/** What {@link expectRoundTrips} asks of a store. */
interface RoundTripStore {
  load(type: string, id: string): Promise<unknown>;
  persist(type: string, id: string, diff: unknown, full: unknown): Promise<void>;
}

/**
 * Persists generated documents one over the other as `T:a`; each must come back to the letter.
 *
 * @param options the number of documents, and the seed; default: another one each time, told in a failure.
 */
export async function expectRoundTrips(
  store: RoundTripStore,
  options: { numRuns: number; seed?: number },
): Promise<void> {
  const documents = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }));
  const check = fc.asyncProperty(documents, async (full) => {
    await store.persist('T', 'a', {}, full);
    expect(JSON.stringify(await store.load('T', 'a'))).toBe(JSON.stringify(full));
  });
  await fc.assert(check, options);
}
