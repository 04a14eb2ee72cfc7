import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { unusualStores } from './unusual-stores';
import { zooTarget } from './zoo-target';

describe('the suite', () => {
  it.each(unusualStores)('passes a right store that %s', async (name, Store) => {
    const report = await runConformance(zooTarget({ name, open: (world) => new Store(world) }), { seed: 1 });
    if (report.totals.fail + report.totals.inconclusive > 0) throw new Error(formatReport(report));
  });
});
