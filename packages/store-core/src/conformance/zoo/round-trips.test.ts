import { allRules } from '../all-rules';
import { levelOf } from '../levels';
import { runConformance } from '../run-conformance';
import { RoundTrips, RoundTripStore } from './round-trip-store';
import { zooTarget } from './zoo-target';

it('asks for a bounded number of round trips in sequence', async () => {
  const trips = new RoundTrips();
  const target = zooTarget({
    name: 'one round trip per call',
    open: (world) => new RoundTripStore(world, trips),
  });
  let before = 0;
  const spent = new Map<string, number>();
  const report = await runConformance(target, {
    onResult: ({ id }) => {
      spent.set(id, trips.inSequence - before);
      before = trips.inSequence;
    },
  });
  const failed = report.results.filter(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive');
  if (process.env['NASC_ROUND_TRIPS'] !== undefined) {
    process.stderr.write([...spent].map(([id, n]) => `${id} ${n}`).join('\n') + '\n');
  }
  const sum = (ids: readonly string[]): number => ids.reduce((total, id) => total + (spent.get(id) ?? 0), 0);
  const ids = allRules.map(({ id }) => id);
  expect(failed).toEqual([]);
  expect(sum(ids.filter((id) => levelOf(id) === 'Core'))).toBeLessThanOrEqual(4_000);
  expect(sum(ids)).toBeLessThanOrEqual(8_000);
});
