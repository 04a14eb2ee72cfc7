import type { BenchOptions } from './bench-options.ts';
import { allContestants } from './contestants/all-contestants.ts';
import { describeEnvironment } from './environment.ts';
import { allGroups } from './groups/all-groups.ts';
import { runGroup, type Measured } from './groups/run-group.ts';
import { Progress } from './harness/progress.ts';
import { TempFolders } from './harness/temp-folders.ts';
import type { Results } from './results.ts';
import { judgeTargets } from './targets/judge-targets.ts';

/** Run the groups that were asked for, one after the other. */
export async function runBench({ quick, only }: Pick<BenchOptions, 'quick' | 'only'>): Promise<Results> {
  const started = Date.now();
  const folders = new TempFolders();
  const measured: Measured[] = [];
  for (const group of allGroups) {
    if (only.length === 0 || only.includes(group.name)) measured.push(await runGroup(group, quick, started));
  }
  const [cells, growth] = [measured.flatMap((one) => one.cells), measured.flatMap((one) => one.growth)];
  const environment = describeEnvironment(quick, folders.root, (Date.now() - started) / 1_000);
  new Progress(started).end();
  folders.remove();
  return {
    environment,
    setups: describeSetups(),
    verdicts: judgeTargets(cells, growth),
    cells,
    counts: measured.flatMap((one) => one.counts),
    growth,
  };
}

function describeSetups(): Results['setups'] {
  return allContestants.flatMap(({ name, setups }) =>
    (['readme', 'fsync', 'relaxed'] as const).map((setup) => {
      const note = setups[setup];
      return { subject: name, setup, how: 'how' in note ? note.how : `not available: ${note.unavailable}` };
    }),
  );
}
