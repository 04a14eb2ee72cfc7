import { allRules } from '../all-rules';
import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { allBroken } from './all-broken';
import { brokenProcesses } from './processes/broken-processes';
import { referenceTarget, zooTarget } from './zoo-target';

/** How long a rule may take here: a store that hangs is told soon. */
const TIMEOUT = 1_000;

describe('the zoo', () => {
  it('has a reference that keeps every rule', async () => {
    const report = await runConformance(referenceTarget);
    const needsModule = allRules.filter(({ needs }) => needs?.includes('module')).length;
    // Those have a zoo of their own, process-zoo.test.ts.
    if (report.totals.pass !== allRules.length - needsModule) throw new Error(formatReport(report));
  }, 30_000);

  it('has a broken store for every rule', () => {
    const dead = new Set([...allBroken, ...brokenProcesses].map(({ diesBy }) => diesBy));
    expect(allRules.map(({ id }) => id).filter((id) => !dead.has(id))).toEqual([]);
  });

  it.each(allBroken.map((store) => [store.diesBy, store.name, store] as const))(
    '%s kills: %s',
    async (id, _name, store) => {
      const report = await runConformance(zooTarget(store), { only: [id], timeout: TIMEOUT });
      expect(report.results.map(({ outcome }) => outcome)).toEqual(['fail']);
    },
    20_000,
  );
});
