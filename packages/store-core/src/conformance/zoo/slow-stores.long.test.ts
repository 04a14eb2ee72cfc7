import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { slowStores } from './slow-stores';
import { zooTarget } from './zoo-target';

it.each(slowStores)(
  'the suite passes, at its default limits, a right store that $name',
  async (store) => {
    const report = await runConformance(zooTarget(store));
    if (report.totals.fail + report.totals.inconclusive > 0) throw new Error(formatReport(report));
  },
  30 * 60_000,
);
