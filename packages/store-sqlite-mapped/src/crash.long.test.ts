import { join } from 'node:path';
// The runner is that of the other SQLite store, and not published.
import { runCrashes } from '../../store-sqlite/src/test-support/crash/run-crashes';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();
const target = join(__dirname, 'test-support/crash-target.ts');

describe('SqliteMappedStore, killed', () => {
  it('has all that it acknowledged, and nothing torn', async () => {
    const kills = Number(process.env.NASC_KILLS ?? 25);
    const totals = await runCrashes({ target, location: temp('a.db'), kills, seed: 7 });
    process.stdout.write(`SqliteMappedStore: ${JSON.stringify(totals)}\n`);
    expect(totals).toMatchObject({ kills, violations: [] });
    expect(totals.acknowledged).toBeGreaterThan(kills * 10);
  }, 1_800_000);
});
