import type { BenchOptions } from './bench-options.ts';
import { allContestants } from './contestants/all-contestants.ts';
import { describeEnvironment } from './environment.ts';
import { allGroups } from './groups/all-groups.ts';
import { GroupContext } from './groups/group.ts';
import { Progress } from './harness/progress.ts';
import { TempFolders } from './harness/temp-folders.ts';
import type { Results } from './results.ts';
import { judgeTargets } from './targets/judge-targets.ts';

/** Run the groups that were asked for, one after the other. */
export async function runBench({ quick, only }: Pick<BenchOptions, 'quick' | 'only'>): Promise<Results> {
  const started = performance.now();
  const progress = new Progress();
  const folders = new TempFolders();
  const context = new GroupContext(quick, progress, folders);
  try {
    for (const group of allGroups) {
      if (only.length > 0 && !only.includes(group.name)) continue;
      progress.group(group.name, group.title);
      await group.run(context);
    }
    const { cells, counts, growth } = context;
    const seconds = (performance.now() - started) / 1_000;
    const environment = describeEnvironment(quick, folders.root, seconds);
    progress.end();
    return {
      environment,
      setups: describeSetups(),
      verdicts: judgeTargets(cells, growth),
      cells,
      counts,
      growth,
    };
  } finally {
    await context.closeAll();
    folders.remove();
  }
}

function describeSetups(): Results['setups'] {
  return allContestants.flatMap(({ name, setups }) =>
    (['readme', 'fsync', 'relaxed'] as const).map((setup) => {
      const note = setups[setup];
      return { subject: name, setup, how: 'how' in note ? note.how : `not available: ${note.unavailable}` };
    }),
  );
}
