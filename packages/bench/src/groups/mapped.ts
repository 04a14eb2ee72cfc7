import type Database from 'better-sqlite3';
import { join } from 'node:path';
import DatabaseConstructor from 'better-sqlite3';
import type { Kept } from '../contestants/contestant.ts';
import { openDatabase } from '../contestants/open-database.ts';
import { mappedStore } from '../contestants/our-stores.ts';
import { TodoTables } from '../contestants/todo-tables.ts';
import { ListWriter } from '../harness/list-writer.ts';
import type { Subject } from '../harness/measure.ts';
import type { Setup } from '../setup.ts';
import { makeTodoList, toggle, type TodoList } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

/** The mapped store beside tables that are written by hand. */
export const mapped: Group = {
  name: 'mapped',
  title: 'one toggle in normalised tables, and loading them',
  async run(context) {
    for (const items of context.sizes) {
      for (const setup of ['fsync', 'relaxed'] as const) await measureToggle(context, setup, items);
      await measureAutocommitOfTheOriginal(context, items);
      await measureLoad(context, items);
    }
  },
};

async function measureToggle(
  context: GroupContext,
  setup: 'fsync' | 'relaxed',
  items: number,
): Promise<void> {
  const list = makeTodoList('list', items);
  const keyOf = (subject: string) => ({ group: 'mapped', work: 'toggle', subject, setup, items });
  const [one, other] = [await context.open(mappedStore, setup), await context.open(mappedStore, setup)];
  const byHand = handWritten(context, openDatabase(context.folder(), setup));
  const writers = [
    new ListWriter(keyOf('SqliteMappedStore, same objects'), one, toggle, list),
    new ListWriter(keyOf('SqliteMappedStore, deep copies'), other, toggle, list, (state) =>
      structuredClone(state),
    ),
    new ListWriter(keyOf('delete all, insert all, one transaction'), byHand.atOnce, toggle, list),
  ];
  for (const writer of writers) await writer.seed();
  await context.measure([updateOfOneRow(context, setup, list), ...writers]);
  for (const writer of writers) await writer.verify();
  await context.closeAll();
  await measureAutocommit(context, setup, openDatabase(context.folder(), setup), items);
}

/** As better-sqlite3 opens: a rollback journal, synchronous=FULL. */
async function measureAutocommitOfTheOriginal(context: GroupContext, items: number): Promise<void> {
  const database = new DatabaseConstructor(join(context.folder(), 'original.db'));
  await measureAutocommit(context, 'readme', database, items);
}

async function measureAutocommit(
  context: GroupContext,
  setup: Setup,
  database: Database.Database,
  items: number,
): Promise<void> {
  const subject = 'delete all, insert all, autocommit';
  const key = { group: 'mapped', work: 'toggle', subject, setup, items };
  const { autocommit } = handWritten(context, database);
  // A commit for each row: seconds for each write.
  const longest = (context.quick ? 100 : 1_000) * (setup === 'relaxed' ? 10 : 1);
  if (items > longest) {
    context.leaveOut(key, `left out: ${items} commits for each write`);
  } else {
    const writer = new ListWriter(key, autocommit, toggle, makeTodoList('list', items));
    await writer.seed();
    await context.measure([writer], { ...context.budget, rounds: 3, runs: 1, warmUp: items < 1_000 });
    await writer.verify();
  }
  await context.closeAll();
}

function handWritten(context: GroupContext, database: Database.Database): { atOnce: Kept; autocommit: Kept } {
  context.closeLater(() => database.close());
  const tables = new TodoTables(database);
  const atOnce = tables.rewriteAllAtOnce;
  const common = { isAsync: false, read: (id: string) => tables.read(id), close: () => undefined };
  return {
    atOnce: { ...common, write: (_id, state) => atOnce(state as TodoList) },
    autocommit: { ...common, write: (_id, state) => tables.rewriteAll(state as TodoList) },
  };
}

function updateOfOneRow(context: GroupContext, setup: 'fsync' | 'relaxed', list: TodoList): Subject {
  const database = openDatabase(context.folder(), setup);
  context.closeLater(() => database.close());
  const tables = new TodoTables(database);
  tables.rewriteAllAtOnce(list);
  const update = tables.updateOne;
  let turn = 0;
  return {
    key: {
      group: 'mapped',
      work: 'toggle',
      subject: 'bare UPDATE of one row',
      setup,
      items: list.items.length,
    },
    isAsync: false,
    run: () => {
      update(list.items[(turn++ * 7_919) % list.items.length]?.id ?? '');
    },
  };
}

async function measureLoad(context: GroupContext, items: number): Promise<void> {
  const list = makeTodoList('list', items);
  const database = openDatabase(context.folder(), 'fsync');
  context.closeLater(() => database.close());
  const tables = new TodoTables(database);
  tables.rewriteAllAtOnce(list);
  const kept = await context.open(mappedStore, 'fsync');
  await kept.write('list', list);
  const changed = await changedElsewhere(context, list);
  const keyOf = (subject: string) => ({
    group: 'mapped',
    work: 'load',
    subject,
    setup: 'fsync' as const,
    items,
  });
  await context.measure([
    { key: keyOf('bare SELECT … .all()'), isAsync: false, run: () => tables.rows('list') },
    { key: keyOf('bare SELECT, made into a list'), isAsync: false, run: () => tables.read('list') },
    { key: keyOf('SqliteMappedStore, known rows'), isAsync: true, run: () => kept.read('list') },
    { key: keyOf('SqliteMappedStore, changed elsewhere'), isAsync: true, ...changed },
  ]);
  for (const [got, wanted] of [
    [tables.read('list'), list],
    [await kept.read('list'), list],
    [await changed.run(), changed.current()],
  ]) {
    if (JSON.stringify(got) !== JSON.stringify(wanted))
      throw new Error('What was loaded is not what was written.');
  }
  await context.closeAll();
}

/** A store that has to read all rows each time, since another one has written to them. */
async function changedElsewhere(
  context: GroupContext,
  first: TodoList,
): Promise<{ prepare(): Promise<void>; run(): unknown; current(): TodoList }> {
  const folder = context.folder();
  const [reader, writer] = [
    await mappedStore.open(folder, 'relaxed'),
    await mappedStore.open(folder, 'relaxed'),
  ];
  for (const one of [reader, writer]) context.closeLater(() => one.close());
  let [list, turn] = [first, 0];
  await writer.write('list', list);
  return {
    prepare: async () => {
      list = toggle.next(list, turn++);
      await writer.write('list', list);
    },
    run: () => reader.read('list'),
    current: () => list,
  };
}
