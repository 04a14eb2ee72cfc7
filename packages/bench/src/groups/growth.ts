import { CountedStore, type Costs, type CountedKind } from '../harness/counted-store.ts';
import { fitGrowth } from '../harness/fit-growth.ts';
import { mappedStore, sqliteStore } from '../contestants/our-stores.ts';
import { changes, makeTodoList, toggle, type Change, type TodoList } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

/** How the cost of a change grows with the list that it is made in. */
export const growth: Group = {
  name: 'growth',
  title: 'rows, bytes and processor time of a change against the size of the list',
  async run(context) {
    const sizes = context.quick ? [1, 100, 10_000] : [1, 10, 100, 1_000, 10_000];
    for (const contestant of [sqliteStore, mappedStore]) {
      const subject = contestant.name as CountedKind;
      for (const change of context.quick ? [toggle] : changes) {
        const counted: { items: number; costs: Costs }[] = [];
        const times: { items: number; value: number }[] = [];
        for (const items of sizes.filter((size) => size >= (change.least ?? 1))) {
          context.step(`${change.name}, ${subject}, ${items} items`);
          counted.push({ items, costs: await countChange(context, subject, change, items) });
          times.push({ items, value: await timeChange(context, contestant, change, items) });
        }
        const add = (cost: string, unit: string, points: { items: number; value: number }[]) =>
          context.growth.push({ subject, work: change.name, cost, unit, points, ...fitGrowth(points) });
        add(
          'rows',
          'rows',
          counted.map(({ items, costs }) => ({ items, value: costs.rows })),
        );
        add(
          'bytes written',
          'bytes',
          counted.map(({ items, costs }) => ({ items, value: costs.walBytes })),
        );
        add('processor time', 'µs', times);
      }
    }
  },
};

async function countChange(
  context: GroupContext,
  subject: CountedKind,
  change: Change,
  items: number,
): Promise<Costs> {
  const counted = new CountedStore(subject, context.folder());
  context.closeLater(() => counted.close());
  const list = makeTodoList('list', items);
  await counted.store.persist('TodoList', list.id, {}, list);
  const next = change.next(list, 1);
  const costs = await counted.count(() => counted.store.persist('TodoList', list.id, {}, next));
  const there: unknown = await counted.store.load('TodoList', list.id);
  if (JSON.stringify(there) !== JSON.stringify(next)) throw new Error(`${subject} lost a ${change.name}.`);
  await context.closeAll();
  return costs;
}

/** Microseconds per change, the best of some rounds: of processor time, only what others disturb is added. */
async function timeChange(
  context: GroupContext,
  contestant: typeof sqliteStore,
  change: Change,
  items: number,
): Promise<number> {
  const kept = await context.open(contestant, 'relaxed');
  // An even number: an append and its removal belong together.
  const runs = 2 * Math.max(2, Math.round(Math.min(100, 50_000 / items) / (context.quick ? 8 : 1)));
  let list = makeTodoList('list', items);
  let best = Infinity;
  await kept.write(list.id, list);
  for (let round = 0; round <= (context.quick ? 3 : 5); round++) {
    const states = statesOf(change, list, runs, round * runs);
    list = states.at(-1) ?? list;
    globalThis.gc?.();
    const started = process.cpuUsage();
    for (const state of states) await kept.write(state.id, state);
    const { user, system } = process.cpuUsage(started);
    // The first round is the warm-up.
    if (round > 0) best = Math.min(best, (user + system) / runs);
  }
  if (JSON.stringify(await kept.read(list.id)) !== JSON.stringify(list))
    throw new Error(`Lost ${change.name}s.`);
  await context.closeAll();
  return best;
}

/** An append is taken back by every other write, so that the list keeps its size. */
function statesOf(change: Change, list: TodoList, runs: number, turn: number): TodoList[] {
  if (change.grows === true) {
    return Array.from({ length: runs }, (_, i) => (i % 2 === 0 ? change.next(list, turn + i) : list));
  }
  const states: TodoList[] = [];
  for (let i = 0; i < runs; i++) states.push(change.next(states.at(-1) ?? list, turn + i));
  return states;
}
