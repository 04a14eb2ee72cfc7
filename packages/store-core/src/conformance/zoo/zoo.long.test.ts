import { allRules } from '../all-rules';
import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { allBroken } from './all-broken';
import { unusualStores } from './unusual-stores';
import { referenceTarget, zooTarget } from './zoo-target';

/** Verdicts must not depend on luck: the same ones with every seed. A store that hangs is told after a second. */
describe.each([1, 2, 3])('the zoo with seed %i', (seed) => {
  it('has a reference that keeps every rule', async () => {
    const report = await runConformance(referenceTarget, { seed });
    const needsModule = allRules.filter(({ needs }) => needs?.includes('module')).length;
    // Those have a zoo of their own, process-zoo.long.test.ts.
    if (report.totals.pass !== allRules.length - needsModule) throw new Error(formatReport(report));
  });

  it.each(allBroken.map((store) => [store.diesBy, store.name, store] as const))(
    '%s kills: %s',
    async (id, _name, store) => {
      const report = await runConformance(zooTarget(store), { only: [id], seed, timeout: 1_000 });
      expect(report.results.map(({ outcome }) => outcome)).toEqual(['fail']);
    },
  );
});

describe('the suite', () => {
  it.each(unusualStores)('passes a right store that %s', async (name, Store) => {
    const report = await runConformance(zooTarget({ name, open: (world) => new Store(world) }), { seed: 1 });
    if (report.totals.fail + report.totals.inconclusive > 0) throw new Error(formatReport(report));
  });
});
