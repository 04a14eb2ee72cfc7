import type { Store } from '../store';
import { attempt } from './attempt';
import { DOC } from './suite-schema';

const LOADS = 4;
/** What is measured is given up after so many milliseconds; the rules tell what is wrong. */
const PATIENCE = 2_000;

/** How long a load of a key that was never written takes, in milliseconds: the shortest time but the first. 0 when none settles. */
export async function measureRoundTrip(store: Store): Promise<number> {
  const took: number[] = [];
  await attempt('load', PATIENCE, async () => {
    for (let n = 0; n < LOADS; n++) {
      const began = performance.now();
      await Promise.resolve(store.load(DOC, 'round-trip')).catch(() => undefined);
      took.push(performance.now() - began);
    }
  });
  // The first may have opened the storage.
  return Math.min(...(took.length > 1 ? took.slice(1) : [took[0] ?? 0]));
}
