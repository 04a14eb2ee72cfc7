import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { bareDriver } from '../contestants/bare-driver.ts';
import type { Contestant, Kept } from '../contestants/contestant.ts';
import { mappedStore, sqliteStore } from '../contestants/our-stores.ts';
import type { Subject } from '../harness/measure.ts';
import { makeTodoList, toggle } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

/** From the constructor to the first state, in a database that is large already. */
export const opening: Group = {
  name: 'opening',
  title: 'a large database is opened, and one state loaded',
  async run(context) {
    const rows = context.quick ? 100_000 : 1_000_000;
    await measureDocuments(context, rows);
    await context.closeAll();
    await measureMapped(context, rows);
    await context.closeAll();
  },
};

async function measureDocuments(context: GroupContext, rows: number): Promise<void> {
  const folder = context.folder();
  const [foreign, bare, own] = ['foreign.db', 'bare.db', 'store.db'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  context.step(`${rows} rows are written`);
  writeDocuments(foreign, rows);
  copyFileSync(foreign, bare);
  copyFileSync(foreign, own);
  // The first opening makes the store's own tables beside the rows.
  const adopt = new Opening('first time', sqliteStore, folder, rows);
  const adopting: Subject = {
    key: adopt.key,
    isAsync: true,
    prepare: () => {
      rmSync(own, { force: true });
      copyFileSync(foreign, own);
    },
    run: () => adopt.run(),
    finish: () => adopt.finish(),
  };
  await context.measure([adopting], { rounds: 3, time: 1, runs: 1 });
  await context.measure([
    new Opening('again', bareDriver, folder, rows),
    new Opening('again', sqliteStore, folder, rows),
  ]);
  await check(sqliteStore, folder);
}

/** Rows as the original store has left them. */
function writeDocuments(path: string, rows: number): void {
  const database = new Database(path);
  database.pragma('synchronous = OFF');
  database.exec('CREATE TABLE TodoLists (id TEXT PRIMARY KEY, data TEXT)');
  const insert = database.prepare('INSERT INTO TodoLists VALUES (?, ?)');
  database.transaction(() => {
    insert.run('list', JSON.stringify(makeTodoList('list', 1)));
    for (let i = 1; i < rows; i++) insert.run(`list-${i}`, JSON.stringify(makeTodoList(`list-${i}`, 1)));
  })();
  database.close();
}

async function measureMapped(context: GroupContext, rows: number): Promise<void> {
  const folder = context.folder();
  const store = await mappedStore.open(folder, 'relaxed');
  const perList = 1_000;
  await store.write('list', makeTodoList('list', 1));
  for (let i = 0; i < rows / perList; i++) {
    context.step(`${i * perList} of ${rows} items are written`);
    await store.write(`list-${i}`, makeTodoList(`list-${i}`, perList));
  }
  await store.close();
  await context.measure([new Opening('again', mappedStore, folder, rows)]);
  await check(mappedStore, folder);
}

/** The opened database must also be one that can be written. */
async function check(contestant: Contestant, folder: string): Promise<void> {
  const kept = await contestant.open(folder, 'fsync');
  const next = toggle.next(makeTodoList('list', 1), 0);
  await kept.write('list', next);
  const there = await kept.read('list');
  await kept.close();
  if (JSON.stringify(there) !== JSON.stringify(next)) throw new Error(`${contestant.name} lost a write.`);
}

class Opening implements Subject {
  readonly key;
  readonly isAsync = true;
  readonly #contestant: Contestant;
  readonly #folder: string;
  #kept: Kept | undefined;

  constructor(work: string, contestant: Contestant, folder: string, rows: number) {
    this.key = { group: 'opening', work, subject: contestant.name, setup: 'fsync' as const, items: rows };
    this.#contestant = contestant;
    this.#folder = folder;
  }

  async run(): Promise<void> {
    this.#kept = await this.#contestant.open(this.#folder, 'fsync');
    if ((await this.#kept.read('list')) === null)
      throw new Error(`${this.key.subject} does not see the rows.`);
  }

  async finish(): Promise<void> {
    await this.#kept?.close();
  }
}
