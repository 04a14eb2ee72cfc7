import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportOf, runBin } from '../../cli/test-support/run-bin';
import { brokenProcesses } from './broken-processes';

/** The rules between processes. That each kills its broken stores is asked by the long lane, of four seeds. */
const RULES = ['C10', 'E9', 'U2', 'U3', 'U4', 'U5', 'U7', 'H2'];

const moduleOf = (store: string): string =>
  `${pathToFileURL(join(__dirname, 'target.mjs')).href}?store=${store}`;

describe('the zoo between processes', () => {
  it('has a reference that keeps every rule', async () => {
    const run = await runBin(moduleOf('reference'), '--only', RULES.join(), '--json', '-');
    if (run.code !== 0) throw new Error(run.stderr);
    expect(reportOf(run).totals).toMatchObject({ pass: RULES.length });
  });

  it('has a broken store for every rule', () => {
    const dead = new Set(brokenProcesses.map(({ diesBy }) => diesBy));
    expect(RULES.filter((id) => !dead.has(id))).toEqual([]);
  });
});
