import { join } from 'node:path';
import { runCrashes, type CrashTotals } from './test-support/crash/run-crashes';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

describe('SqliteStore, killed', () => {
  it('500 times has all that it acknowledged, and nothing torn', async () => {
    const target = join(__dirname, 'test-support/crash/sqlite-store-target.ts');
    const runs: CrashTotals[] = [];
    for (let seed = 1; seed <= 5; seed++) {
      runs.push(await runCrashes({ target, location: temp(`${seed}.db`), kills: 100, seed }));
    }
    const sum = (key: 'kills' | 'killedOpening' | 'acknowledged' | 'inFlight'): number =>
      runs.reduce((total, run) => total + run[key], 0);
    const violations = runs.flatMap((run) => run.violations);
    process.stdout.write(
      `SqliteStore: ${sum('kills')} kills (${sum('killedOpening')} while opening), ${sum('acknowledged')} commits acknowledged, ${sum('inFlight')} made without, ${violations.length} violations\n`,
    );
    expect(violations).toEqual([]);
    expect(sum('kills')).toBe(500);
  }, 1_800_000);
});
