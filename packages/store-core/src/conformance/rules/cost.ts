import { expectThat } from '../expect';
import { Inconclusive } from '../failure';
import type { CostProbes } from '../define-target';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';

type Counter = keyof CostProbes<object>;

/** How much more something may cost where it should cost the same. */
const SLACK: Record<Counter, (cost: number) => number> = {
  rowsWritten: (cost) => cost + 3,
  // Pages of an index that has grown.
  bytesWritten: (cost) => cost * 3 + 20_000,
  statements: (cost) => cost + 3,
};

const COUNTERS = Object.keys(SLACK) as Counter[];

/** Group P: counters of the storage, never clocks. */
export const costRules: readonly Rule[] = [
  {
    id: 'P1',
    title: 'a persist costs the same whatever else is stored',
    needs: ['probe'],
    async check(t) {
      const store = await t.open();
      const persist = () => store.persist(DOC, 'p1', { text: 'y' }, { text: 'y', count: 1 });
      const counters = COUNTERS.filter((each) => has(t, each));
      const cause = 'All instances are written, or read, each time.';
      await persist();
      for (const [counter, cost] of await costs(t, counters, persist)) {
        if (cost <= 0) throw new Inconclusive(`\`probe.${counter}\` counted nothing for a persist`);
      }
      await expectFlat(t, store, counters, 'a persist', persist, cause);
    },
  },
  {
    id: 'P2',
    title: 'what is written follows the change, not the size of the state',
    needs: ['probe'],
    async check(t) {
      const store = await t.open();
      const changed = LARGE.items.map((item, i) => (i === 200 ? { ...item, title: 'changed' } : item));
      await expectSmall(t, store, changed, 'a change of one of 400 items');
      const more = changed.map((item, i) => (i % 100 === 0 ? { ...item, title: 'changed' } : item));
      await expectSmall(t, store, more, 'a change of four of 400 items');
      await expectSmall(t, store, more.toSpliced(100, 1), 'a removal of one of 400 items');
      await expectSmall(
        t,
        store,
        more.toSpliced(100, 1).toSpliced(50, 0, { id: 'new', title: 'new' }),
        'an insertion into 399 items',
      );
    },
  },
  {
    id: 'P3',
    title: 'one move does not write the whole list',
    needs: ['probe'],
    async check(t) {
      const store = await t.open();
      let items = LARGE.items;
      for (const [from, to] of [
        [399, 0],
        [0, 200],
        [150, 151],
        [10, 398],
      ] as const) {
        items = items.toSpliced(from, 1).toSpliced(to, 0, ...items.slice(from, from + 1));
        await expectSmall(t, store, items, `a move of one of 400 items from ${from} to ${to}`);
      }
    },
  },
  {
    id: 'P4',
    title: 'a load costs the same whatever else is stored',
    needs: ['probe.statements'],
    async check(t) {
      const store = await t.open();
      await store.persist(DOC, 'p4', {}, { text: 'x' });
      const load = () => store.load(DOC, 'p4');
      await expectFlat(t, store, ['statements'], 'a load', load, 'Other instances are read, too.');
      await expectNothingWritten(t, 'a load', load);
    },
  },
  {
    id: 'P5',
    title: 'a page of a listing costs the same whatever else is stored',
    needs: ['probe.statements', 'list'],
    async check(t) {
      const store = await t.open();
      for (let i = 0; i < 10; i++) await store.persist(DOC, `a-${i}`, {}, {});
      const page = () => store.list(DOC, { after: 'a-0', limit: 5 });
      await expectFlat(t, store, ['statements'], 'a page', page, 'Every instance is read one by one.');
      await expectNothingWritten(t, 'a page of a listing', page);
    },
  },
];

const LARGE = {
  id: 'l',
  items: Array.from({ length: 400 }, (_, i) => ({ id: `i${i}`, title: `the title of item ${i}` })),
};

function has(t: RuleContext, counter: Counter): boolean {
  return typeof t.target.probe?.[counter] === 'function';
}

/** What work costs, by counter. */
async function costs(
  t: RuleContext,
  counters: readonly Counter[],
  work: () => Promise<unknown>,
): Promise<Map<Counter, number>> {
  const world = await t.world();
  const count = async (): Promise<number[]> => {
    const counts: number[] = [];
    for (const counter of counters) counts.push(Number(await t.target.probe?.[counter]?.(world)));
    return counts;
  };
  const before = await count();
  await work();
  const after = await count();
  return new Map(counters.map((counter, i) => [counter, (after[i] ?? 0) - (before[i] ?? 0)]));
}

/** Work must cost about the same among ten instances as among 400. */
async function expectFlat(
  t: RuleContext,
  store: Subject,
  counters: readonly Counter[],
  what: string,
  work: () => Promise<unknown>,
  cause: string,
): Promise<void> {
  const fill = (from: number, to: number): Promise<unknown> =>
    Promise.all(
      Array.from({ length: to - from }, (_, i) =>
        store.persist(DOC, `other-${from + i}`, {}, { text: 'x'.repeat(300), i }),
      ),
    );
  await fill(0, 10);
  await work();
  const few = await costs(t, counters, work);
  await fill(10, 400);
  await work();
  const many = await costs(t, counters, work);
  for (const counter of counters) {
    const [least, most] = [few.get(counter) ?? 0, many.get(counter) ?? 0];
    const got = `${counter}: ${most} instead of ${least}`;
    expectThat(most <= SLACK[counter](least), `${what} must cost the same among 400 instances as among ten`, {
      got,
      cause,
    });
  }
}

/** Where the target counts rows, reading must write none. */
async function expectNothingWritten(
  t: RuleContext,
  what: string,
  read: () => Promise<unknown>,
): Promise<void> {
  if (!has(t, 'rowsWritten')) return;
  const rows = (await costs(t, ['rowsWritten'], read)).get('rowsWritten') ?? 0;
  expectThat(rows === 0, `${what} must write nothing`, {
    got: `rowsWritten: ${rows}`,
    cause: 'Something about the reading is written down: when, how often, or where it stopped.',
  });
}

/** Rows where the target counts them, else bytes, must follow the change from {@link LARGE}. */
async function expectSmall(
  t: RuleContext,
  store: Subject,
  items: readonly object[],
  what: string,
): Promise<void> {
  const counter = has(t, 'rowsWritten') ? 'rowsWritten' : 'bytesWritten';
  if (!has(t, counter)) return;
  const full = { ...LARGE, items };
  const known = (await store.load(LIST, 'p')) as object | null;
  if (known === null) await store.persist(LIST, 'p', LARGE, LARGE);
  const spent =
    (await costs(t, [counter], () => store.persist(LIST, 'p', { items }, full))).get(counter) ?? 0;
  await t.expectLoad(store, 'p', full, { type: LIST });
  const most = counter === 'rowsWritten' ? 16 : JSON.stringify(LARGE).length / 3;
  expectThat(spent <= most, `${what} must not write the whole list`, {
    got: `${counter}: ${spent}`,
    want: `at most ${Math.floor(most)}`,
    cause: 'All children are deleted and inserted, or renumbered, on each persist.',
  });
}
