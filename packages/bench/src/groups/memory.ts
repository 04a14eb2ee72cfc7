import { allContestants } from '../contestants/all-contestants.ts';
import type { Kept } from '../contestants/contestant.ts';
import { makeTodoList } from '../todo-list.ts';
import type { Group } from './group.ts';

const PER = 10_000;
const ITEMS = 10;
const BATCH = 100;

/** What a process keeps after it has written and loaded 10,000 instances. */
export const memory: Group = {
  name: 'memory',
  title: `memory that stays when ${PER} instances of ${ITEMS} items were written and loaded`,
  async run(context) {
    const instances = context.quick ? PER / 5 : PER;
    const scale = PER / instances;
    for (const contestant of allContestants) {
      context.step(contestant.name);
      const setup = 'unavailable' in contestant.setups.relaxed ? 'readme' : 'relaxed';
      const kept = await context.open(contestant, setup);
      await kept.write('warm-up', makeTodoList('warm-up', ITEMS));
      const before = await weigh();
      for (let i = 0; i < instances; i += BATCH) await writeAndLoad(kept, i);
      const { heap, resident } = await weigh();
      const common = { group: 'memory', subject: contestant.name, items: ITEMS, unit: 'MiB' };
      context.counts.push({
        ...common,
        work: 'JavaScript heap and buffers',
        value: scale * (heap - before.heap),
      });
      context.counts.push({ ...common, work: 'resident set', value: scale * (resident - before.resident) });
      await context.closeAll();
    }
  },
};

/** Many at a time, since some need a millisecond for one. */
async function writeAndLoad(kept: Kept, from: number): Promise<void> {
  const lists = Array.from({ length: BATCH }, (_, i) => makeTodoList(`list-${from + i}`, ITEMS));
  await Promise.all(lists.map((list) => kept.write(list.id, list)));
  const there = await Promise.all(lists.map(({ id }) => kept.read(id)));
  if (JSON.stringify(there) !== JSON.stringify(lists)) throw new Error('What was written is not there.');
}

async function weigh(): Promise<{ heap: number; resident: number }> {
  if (globalThis.gc === undefined) throw new Error('Memory is measured with node --expose-gc.');
  // Twice, with a turn of the event loop between: finalizers free what the first one found.
  globalThis.gc();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 };
}
