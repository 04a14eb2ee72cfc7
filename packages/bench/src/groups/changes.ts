import { bareDriver } from '../contestants/bare-driver.ts';
import { mappedStore, sqliteStore } from '../contestants/our-stores.ts';
import { ListWriter } from '../harness/list-writer.ts';
import { changes as allChanges, makeTodoList, toggle } from '../todo-list.ts';
import type { Group } from './group.ts';

const contestants = [bareDriver, sqliteStore, mappedStore];

/** The other kinds of change, by the SQLite stores and the bare driver. */
export const changes: Group = {
  name: 'changes',
  title: 'an append, a move, a whole rewrite',
  async run(context) {
    const budget = { ...context.budget, time: context.budget.time / 2 };
    for (const setup of ['fsync', 'relaxed'] as const) {
      for (const items of context.sizes) {
        for (const change of allChanges.filter((one) => one !== toggle)) {
          const writers: ListWriter[] = [];
          for (const contestant of contestants) {
            const kept = await context.open(contestant, setup);
            const key = { group: 'changes', work: change.name, subject: contestant.name, setup, items };
            writers.push(new ListWriter(key, kept, change, makeTodoList('list', items)));
          }
          for (const writer of writers) await writer.seed();
          await context.measure(writers, budget);
          for (const writer of writers) await writer.verify();
          await context.closeAll();
        }
      }
    }
  },
};
