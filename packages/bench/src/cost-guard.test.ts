import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { timers } from '@nasc/store-core';
import { stopClock } from '@nasc/test-support';
import { CountedStore, type CountedKind, type Costs } from './harness/counted-store';
import { changes, makeTodoList, toggle, type Change, type TodoList } from './todo-list';

/**
 * Fails when a cost gets into a worse class. What is counted here is the same on every machine, fast or slow.
 * What got better is to be lowered here, so that it stays; what has to be raised is to be explained.
 */
const cleanups: (() => unknown)[] = [];
// What a store does now and then, and how long a transaction lasts, is not for the machine to say.
beforeEach(() => void stopClock(timers));
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  jest.restoreAllMocks();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nasc-costs-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

const persist = ({ store }: CountedStore, list: TodoList): Promise<void> =>
  store.persist('TodoList', list.id, {}, list);

/** A store with a list of so many items, and all that is only made or read once behind it. */
async function withList(
  kind: CountedKind,
  items: number,
): Promise<{ counted: CountedStore; list: TodoList }> {
  const counted = new CountedStore(kind, newFolder());
  cleanups.push(() => counted.close());
  await persist(counted, makeTodoList('list', items));
  const list = toggle.next(makeTodoList('list', items), 0);
  await persist(counted, list);
  return { counted, list };
}

async function costsOf(kind: CountedKind, change: Change, items: number): Promise<Costs> {
  const { counted, list } = await withList(kind, items);
  return counted.count(() => persist(counted, change.next(list, 1)));
}

/** BEGIN, COMMIT and the look whether tables were made anew are among them. */
const mostStatements = {
  SqliteStore: { persist: 5, 'commit with ifRev and eventId': 9, load: 1, loadVersioned: 1 },
  SqliteMappedStore: { persist: 8, 'commit with ifRev and eventId': 14, load: 5, loadVersioned: 5 },
};

describe.each(['SqliteStore', 'SqliteMappedStore'] as const)('statements of %s', (kind) => {
  it.each([100, 10_000])('are no more than they were, with %d items', async (items) => {
    const { counted, list } = await withList(kind, items);
    const { store } = counted;
    const write = {
      type: 'TodoList',
      id: 'list',
      diff: {},
      full: { id: list.id, items: toggle.next(list, 2).items.map((item) => ({ ...item })) },
      ifRev: 3,
    };
    const work: Record<keyof (typeof mostStatements)[typeof kind], () => Promise<unknown>> = {
      persist: () => persist(counted, toggle.next(list, 1)),
      'commit with ifRev and eventId': () => store.commit([write], { eventId: 'one' }),
      load: () => store.load('TodoList', 'list'),
      loadVersioned: () => store.loadVersioned('TodoList', 'list'),
    };
    const got: Record<string, number> = {};
    for (const [name, run] of Object.entries(work)) got[name] = (await counted.count(run)).statements;
    const worse = Object.entries(mostStatements[kind]).filter(
      ([name, most]) => (got[name] ?? Infinity) > most,
    );
    expect({ worse, got }).toEqual({ worse: [], got });
  });
});

describe('64 writes of one turn', () => {
  it.each(['SqliteStore', 'SqliteMappedStore'] as const)('share a transaction in %s', async (kind) => {
    const { counted } = await withList(kind, 1);
    let lists = Array.from({ length: 64 }, (_, i) => makeTodoList(`list-${i}`, 1));
    const persistAll = (): Promise<unknown> => Promise.all(lists.map((list) => persist(counted, list)));
    await persistAll();
    lists = lists.map((list) => toggle.next(list, 0));
    const together = await counted.count(persistAll);
    const alone = await counted.count(() => persist(counted, makeTodoList('list-0', 1)));
    // BEGIN, COMMIT and the look whether tables were made anew come once.
    expect(together.statements).toBeLessThanOrEqual(3 + 64 * (alone.statements - 3));
    // What all of them touch is in the log once.
    expect(together.walBytes).toBeLessThan(1.5 * alone.walBytes);
  });
});

/** A page of the database with its header in the log. */
const FRAME = 4_096 + 24;

describe('a change in the mapped store', () => {
  /** Of rows of ours too: the rev, the order of changes. */
  const mostRows: Record<string, number> = { toggle: 3, append: 3, move: 3 };

  it.each(changes.filter(({ name }) => name in mostRows).map((change) => [change.name, change] as const))(
    'writes as much in 10,000 items as in 100: %s',
    async (name, change) => {
      const [few, many] = [
        await costsOf('SqliteMappedStore', change, 100),
        await costsOf('SqliteMappedStore', change, 10_000),
      ];
      expect(many.rows).toBe(few.rows);
      expect(few.rows).toBeLessThanOrEqual(mostRows[name] ?? 0);
      expect(many.statements).toBe(few.statements);
      // Where an index is one page deeper, a page more may be touched.
      expect(few.walBytes).toBeLessThanOrEqual(4 * FRAME);
      expect(many.walBytes).toBeLessThanOrEqual(few.walBytes + 2 * FRAME);
    },
  );

  it('writes a row for each item that changed', async () => {
    const rewrite = changes.find(({ name }) => name === 'rewrite') as Change;
    const { rows } = await costsOf('SqliteMappedStore', rewrite, 1_000);
    expect(rows).toBeGreaterThanOrEqual(1_000);
    expect(rows).toBeLessThanOrEqual(1_002);
  });
});

describe('a change in the document store', () => {
  it.each(changes.map((change) => [change.name, change] as const))(
    'writes one document and its rev: %s',
    async (_name, change) => {
      const few = await costsOf('SqliteStore', change, 100);
      const many = await costsOf('SqliteStore', change, 10_000);
      expect([few.rows, many.rows]).toEqual([2, 2]);
      const document = JSON.stringify(makeTodoList('list', 10_000)).length;
      expect(many.walBytes).toBeLessThanOrEqual(1.2 * document + 4 * FRAME);
    },
  );
});

describe('the heap that a toggle allocates', () => {
  /** Bytes per item. Another copy of the state, as objects or as text, is 85 to 170. */
  const most = { SqliteStore: 260, SqliteMappedStore: 170 };

  it.each(['SqliteStore', 'SqliteMappedStore'] as const)('is bounded per item in %s', (kind) => {
    const [few, many] = [allocated(kind, 1_000), allocated(kind, 10_000)];
    expect(many).toBeGreaterThan(0);
    expect((many - few) / 9_000).toBeLessThanOrEqual(most[kind]);
  });

  function allocated(kind: string, items: number): number {
    const script = join(__dirname, 'test-support/measure-allocations.ts');
    // Nothing is collected or compiled behind its back, however long a busy machine takes.
    const flags = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];
    flags.push('--single-threaded', '--no-memory-reducer');
    const output = execFileSync(process.execPath, [...flags, script, kind, newFolder(), String(items)]);
    return Number(output.toString());
  }
});
