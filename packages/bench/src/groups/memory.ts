import { allContestants } from '../contestants/all-contestants.ts';
import { makeTodoList } from '../todo-list.ts';
import type { Group } from './group.ts';

const INSTANCES = 10_000;
const ITEMS = 10;

/** What a process keeps after it has written and loaded 10,000 instances. */
export const memory: Group = {
  name: 'memory',
  title: `memory after ${INSTANCES} instances of ${ITEMS} items were written and loaded`,
  async run(context) {
    for (const contestant of allContestants) {
      context.step(contestant.name);
      const setup = 'unavailable' in contestant.setups.relaxed ? 'readme' : 'relaxed';
      const kept = await context.open(contestant, setup);
      await kept.write('warm-up', makeTodoList('warm-up', ITEMS));
      const before = await weigh();
      for (let i = 0; i < INSTANCES; i++) {
        await kept.write(`list-${i}`, makeTodoList(`list-${i}`, ITEMS));
        await kept.read(`list-${i}`);
      }
      const { heap, resident } = await weigh();
      const common = { group: 'memory', subject: contestant.name, items: ITEMS, unit: 'MiB' };
      context.counts.push({ ...common, work: 'JavaScript heap and buffers', value: heap - before.heap });
      context.counts.push({ ...common, work: 'resident set', value: resident - before.resident });
      await context.closeAll();
    }
  },
};

async function weigh(): Promise<{ heap: number; resident: number }> {
  if (globalThis.gc === undefined) throw new Error('Memory is measured with node --expose-gc.');
  // Twice, with a turn of the event loop between: finalizers free what the first one found.
  globalThis.gc();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 };
}
