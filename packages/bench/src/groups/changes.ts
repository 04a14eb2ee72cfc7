import { bareDriver } from '../contestants/bare-driver.ts';
import { mappedStore, sqliteStore } from '../contestants/our-stores.ts';
import { ListWriter } from '../harness/list-writer.ts';
import { changes as allChanges, makeTodoList, toggle, type Change } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

const contestants = [bareDriver, sqliteStore, mappedStore];

/** The other kinds of change, by the SQLite stores and the bare driver. */
export const changes: Group = {
  name: 'changes',
  title: 'an append, a move, a whole rewrite',
  async run(context) {
    for (const change of allChanges.filter((one) => one !== toggle)) {
      for (const setup of ['fsync', 'relaxed'] as const) {
        for (const items of context.quick ? [1_000] : context.sizes) {
          await measureChange(context, change, setup, items);
        }
      }
    }
  },
};

async function measureChange(
  context: GroupContext,
  change: Change,
  setup: 'fsync' | 'relaxed',
  items: number,
): Promise<void> {
  const writers: ListWriter[] = [];
  for (const contestant of contestants) {
    const key = { group: 'changes', work: change.name, subject: contestant.name, setup, items };
    if (items < (change.least ?? 1)) {
      context.leaveOut(key, 'nothing changes');
      continue;
    }
    writers.push(
      new ListWriter(key, await context.open(contestant, setup), change, makeTodoList('list', items)),
    );
  }
  for (const writer of writers) await writer.seed();
  await context.measure(writers, { ...context.budget, time: context.budget.time / 2 });
  for (const writer of writers) await writer.verify();
  await context.closeAll();
}
