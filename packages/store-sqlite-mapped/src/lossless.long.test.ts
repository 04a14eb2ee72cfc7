import fc from 'fast-check';
import { checkPair } from './test-support/check-pair';
import { schemaPairs } from './test-support/schema-pairs';

describe('SqliteMappedStore', () => {
  it('gives back generated documents of generated schemas to the letter, through edits', async () => {
    await fc.assert(fc.asyncProperty(schemaPairs, checkPair), { numRuns: 10_000 });
  }, 3_600_000);
});
