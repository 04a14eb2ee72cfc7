import { formatReport } from '../format-report';
import { runConformance } from '../run-conformance';
import { allBroken } from './all-broken';
import { unusualStores } from './unusual-stores';
import { referenceTarget, zooTarget } from './zoo-target';
const only = (process.env['E_RULES'] ?? 'E1,E2,E3,E4,E5,E6,E7,E8,E9,E10').split(',');
const seed = Number(process.env['E_SEED'] ?? 1);
const match = process.env['E_ONLY'];
it('reference', async () => {
  const report = await runConformance(referenceTarget, { seed, only });
  if (report.totals.pass !== only.length) throw new Error(formatReport(report));
});
it.each(unusualStores)('right: %s', async (name, Store) => {
  const report = await runConformance(zooTarget({ name, open: (w) => new Store(w) }), { seed, only });
  if (report.totals.fail + report.totals.inconclusive > 0) throw new Error(formatReport(report));
});
it.each(allBroken.filter((s) => only.includes(s.diesBy) && (match === undefined || s.name.includes(match))).map((s) => [s.diesBy, s.name, s] as const))('%s kills: %s', async (id, _n, store) => {
  const report = await runConformance(zooTarget(store), { only: [id], seed, timeout: 1_000 });
  if (process.env['E_SHOW'] !== undefined) process.stderr.write(`## ${id} ${store.name}: ${JSON.stringify(report.results[0]).slice(0, 400)}\n`);
  expect(report.results.map(({ outcome }) => outcome)).toEqual(['fail']);
});
