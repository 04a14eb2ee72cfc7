import { allRules } from '../all-rules';
import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { allBroken } from './all-broken';
import { brokenProcesses } from './processes/broken-processes';
import { referenceTarget } from './zoo-target';

/** That each rule kills its broken stores is asked by the long lane, of four seeds. */
describe('the zoo', () => {
  it('has a reference that keeps every rule', async () => {
    const report = await runConformance(referenceTarget);
    const needsModule = allRules.filter(({ needs }) => needs?.includes('module')).length;
    // Those have a zoo of their own, process-zoo.test.ts.
    if (report.totals.pass !== allRules.length - needsModule) throw new Error(formatReport(report));
  });

  it('has a broken store for every rule', () => {
    const dead = new Set([...allBroken, ...brokenProcesses].map(({ diesBy }) => diesBy));
    expect(allRules.map(({ id }) => id).filter((id) => !dead.has(id))).toEqual([]);
  });
});
