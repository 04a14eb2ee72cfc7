import { growth, runEndurance } from './test-support/run-endurance';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

describe('SqliteStore, over 1,000,000 commits', () => {
  it('keeps heap, descriptors, WAL, events and tombstones bounded', async () => {
    const samples = await runEndurance(temp('a.db'), 1_000_000);
    const last = samples.at(-1);
    const most = (key: 'heap' | 'descriptors' | 'wal' | 'file' | 'events' | 'tombstones'): number =>
      Math.max(...samples.map((sample) => sample[key]));
    const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    process.stdout.write(
      `SqliteStore: ${last?.commits} commits in ${Math.round(last?.seconds ?? 0)} s; heap ${mib(samples[0]?.heap ?? 0)} at first, ${mib(last?.heap ?? 0)} at last; at most ${most('descriptors')} descriptors, WAL ${mib(most('wal'))}, file ${mib(most('file'))}, ${most('events')} event ids and ${most('tombstones')} tombstones kept\n`,
    );
    expect(last?.commits).toBe(1_000_000);
    expect(growth(samples)).toEqual([]);
  }, 3_600_000);
});
