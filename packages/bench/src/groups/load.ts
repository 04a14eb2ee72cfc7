import { allContestants } from '../contestants/all-contestants.ts';
import { memoryStore } from '../contestants/our-stores.ts';
import type { Contestant, Kept } from '../contestants/contestant.ts';
import type { Subject } from '../harness/measure.ts';
import { makeTodoList } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

/** The same state again and again, and once by a handle that was just opened. */
export const load: Group = {
  name: 'load',
  title: 'a list is loaded, repeatedly and cold (open, first load)',
  async run(context) {
    for (const items of context.sizes) {
      const repeated: Subject[] = [];
      const cold: Subject[] = [];
      for (const contestant of allContestants) {
        const folder = context.folder();
        const kept = await contestant.open(folder, setupOf(contestant));
        context.closeLater(() => kept.close());
        await kept.write('list', makeTodoList('list', items));
        repeated.push(await repeatedLoad(contestant, kept, items));
      }
      await context.measure(repeated);
      await context.closeAll();
      if (context.quick && items === 100) continue;
      for (const contestant of allContestants) {
        if (contestant !== memoryStore) cold.push(await coldLoad(context, contestant, items));
      }
      await context.measure(cold, { ...context.budget, time: context.budget.time / 2 });
      await context.closeAll();
    }
  },
};

/** Reading is the same at any durability. */
function setupOf(contestant: Contestant): 'readme' | 'fsync' {
  return contestant === memoryStore ? 'readme' : 'fsync';
}

async function repeatedLoad(contestant: Contestant, kept: Kept, items: number): Promise<Subject> {
  check(contestant, await kept.read('list'), items);
  return {
    key: { group: 'load', work: 'repeated', subject: contestant.name, setup: 'fsync', items },
    isAsync: kept.isAsync,
    run: () => kept.read('list'),
  };
}

async function coldLoad(context: GroupContext, contestant: Contestant, items: number): Promise<Subject> {
  const folder = context.folder();
  const writing = await contestant.open(folder, 'fsync');
  await writing.write('list', makeTodoList('list', items));
  await writing.close();
  let kept: Kept | undefined;
  let there: unknown;
  return {
    key: { group: 'load', work: 'cold', subject: contestant.name, setup: 'fsync', items },
    isAsync: true,
    async run() {
      kept = await contestant.open(folder, 'fsync');
      there = await kept.read('list');
    },
    finish: async () => {
      check(contestant, there, items);
      await kept?.close();
    },
  };
}

function check(contestant: Contestant, got: unknown, items: number): void {
  if (JSON.stringify(got) === JSON.stringify(makeTodoList('list', items))) return;
  throw new Error(`${contestant.name} does not load what was written.`);
}
