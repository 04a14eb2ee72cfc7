import { allRules } from '../all-rules';
import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { allBroken } from './all-broken';
import { referenceTarget, zooTarget } from './zoo-target';

/**
 * Tests of the whole zoo with one seed, in a file of their own each, so that they run side by side. Verdicts must not
 * depend on luck: they are the same with every seed. A store that hangs is told after a second.
 */
export function zooOfSeed(seed: number): void {
  describe(`the zoo with seed ${seed}`, () => {
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
}
