import { growth, runEndurance } from './test-support/run-endurance';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

describe('SqliteStore, over 40,000 commits', () => {
  it('keeps heap, descriptors, WAL, events and tombstones bounded', async () => {
    const samples = await runEndurance(temp('a.db'), 40_000);
    expect(samples.at(-1)).toMatchObject({ commits: 40_000 });
    expect(growth(samples)).toEqual([]);
  }, 180_000);
});
