import { allContestants } from '../contestants/all-contestants.ts';
import { ListWriter } from '../harness/list-writer.ts';
import type { Setup } from '../setup.ts';
import { makeTodoList, toggle } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

/** One toggle, awaited, by everybody: as set up by their READMEs, and at equal durability. */
export const persist: Group = {
  name: 'persist',
  title: 'one toggle is written, awaited, in a list of so many items',
  async run(context) {
    for (const setup of ['readme', 'fsync', 'relaxed'] as const) {
      for (const items of context.sizes) {
        await measureAll(context, setup, items);
        await context.closeAll();
      }
    }
  },
};

async function measureAll(context: GroupContext, setup: Setup, items: number): Promise<void> {
  const writers: ListWriter[] = [];
  for (const contestant of allContestants) {
    const key = { group: 'persist', work: 'toggle', subject: contestant.name, setup, items };
    const note = contestant.setups[setup];
    if ('unavailable' in note) {
      context.leaveOut(key, note.unavailable);
      continue;
    }
    const kept = await context.open(contestant, setup);
    writers.push(new ListWriter(key, kept, toggle, makeTodoList('list', items)));
  }
  for (const writer of writers) await writer.seed();
  await context.measure(writers);
  for (const writer of writers) await writer.verify();
}
