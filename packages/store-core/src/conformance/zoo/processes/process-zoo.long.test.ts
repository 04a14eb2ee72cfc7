import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportOf, runBin } from '../../cli/test-support/run-bin';
import { brokenProcesses } from './broken-processes';

/** The rules between processes. */
const RULES = ['C10', 'E9', 'U2', 'U3', 'U4', 'U5', 'U7', 'H2'];

const moduleOf = (store: string): string =>
  `${pathToFileURL(join(__dirname, 'target.mjs')).href}?store=${store}`;

/** Verdicts must not depend on luck: the same ones with other seeds. */
describe.each(['1', '2', '3'])('the zoo between processes with seed %s', (seed) => {
  it('has a reference that keeps every rule', async () => {
    const run = await runBin(moduleOf('reference'), '--seed', seed, '--json', '-');
    if (run.code !== 0) throw new Error(run.stderr);
    const passed = reportOf(run).results.filter(({ outcome }) => outcome === 'pass');
    expect(passed.map(({ id }) => id)).toEqual(expect.arrayContaining(RULES));
  });

  it.each(brokenProcesses.map(({ diesBy, name, store }) => [diesBy, name, store] as const))(
    '%s kills: %s',
    async (id, _name, store) => {
      const run = await runBin(
        moduleOf(store),
        '--only',
        id,
        '--seed',
        seed,
        '--timeout',
        '2000',
        '--json',
        '-',
      );
      expect(reportOf(run).results).toMatchObject([{ id, outcome: 'fail' }]);
    },
    60_000,
  );
});
