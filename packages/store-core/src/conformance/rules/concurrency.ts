import { exactText } from '../exact-text';
import { expectSame, expectThat, expectText, fail } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { ticks, turn } from '../turns';
import { expectLastCall, expectMixedOrder } from './call-order-mix';
import { historyRule } from './histories';
import { inBatches } from './in-batches';

const TORN = 'One state is written in several steps, and a reader comes between them.';

/** A state that says in each of its parts which one it is. */
function whole(
  n: number | string,
  size = 4,
): { id: string; title: string; items: object[]; archive: object[] } {
  const title = String(n);
  const items = Array.from({ length: size }, (_, i) => ({ id: `i${i}`, title, meta: { title } }));
  return { id: 'w', title, items, archive: items.slice(0, 2) };
}

/** Group C: calls that do not wait for each other. */
export const concurrencyRules: readonly Rule[] = [
  {
    id: 'C1',
    title: 'parallel persists of one instance end in one whole input',
    async check(t) {
      const [store, other] = await t.pair();
      for (let round = 0; round < 4; round++) {
        const inputs = Array.from({ length: 24 }, (_, i) => whole(`${round}-${i}`, i % 7));
        await Promise.all(
          t.random.shuffle(inputs).map(async (input, i) => {
            await ticks(i % 3);
            const handle = t.random.pick([store, other]);
            await handle.persist(LIST, 'c1', t.random.pick([{}, { title: input.title }, input]), input);
          }),
        );
        const seen = exactText(await store.load(LIST, 'c1'));
        const want = 'one of the inputs of this round, whole';
        expectThat(
          inputs.some((input) => exactText(input) === seen),
          'load after parallel persists',
          { got: preview(JSON.parse(seen), 400), want, cause: TORN },
        );
        expectText(
          exactText(await other.load(LIST, 'c1')),
          seen,
          'load through another handle, after all have settled',
          'Either a handle answers from a cache of its own, or a write is made twice.',
        );
      }
    },
  },
  {
    id: 'C2',
    title: 'parallel persists of distinct instances are all kept',
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'The whole storage is read, changed and written back, and a write in between is lost.';
      const ids = Array.from({ length: 120 }, (_, i) => `c2-${i}`);
      await Promise.all(
        ids.map((id, i) =>
          (i % 2 === 0 ? store : other).persist(i % 3 === 0 ? LIST : DOC, id, {}, whole(id)),
        ),
      );
      await inBatches(ids, (id, i) => {
        const expectation = {
          type: i % 3 === 0 ? LIST : DOC,
          what: 'load of one of 120 written in parallel',
          cause,
        };
        return t.expectLoad(i % 4 < 2 ? store : other, id, whole(id), expectation);
      });
    },
  },
  {
    id: 'C3',
    title: 'what was acknowledged is read',
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'persist resolves before the write is made, or a read comes from a cache or a replica.';
      const writeAndRead = async (id: string): Promise<void> => {
        for (let i = 0; i < 14; i++) {
          const [writer, reader] = t.random.shuffle([store, other]) as [Subject, Subject];
          await writer.persist(LIST, id, { title: String(i) }, whole(i));
          const expectation = { type: LIST, what: 'load right after persist', cause };
          const loads = t.random.shuffle([writer, reader]);
          await Promise.all(loads.map((handle) => t.expectLoad(handle, id, whole(i), expectation)));
        }
      };
      await Promise.all(['c3-0', 'c3-1', 'c3-2'].map(writeAndRead));
    },
  },
  {
    id: 'C4',
    title: 'a reader never goes back',
    async check(t) {
      const [store, other] = await t.pair();
      let done = false;
      const read = async (reader: Subject): Promise<void> => {
        for (let last = -1; !done;) {
          const n = Number(((await reader.load(LIST, 'c4')) as { title: string } | null)?.title ?? -1);
          if (n < last)
            fail('a later load must not give an earlier state', {
              got: `state ${n} after state ${last}`,
              cause: 'Reads come from caches or replicas of different age.',
            });
          last = n;
          await turn();
        }
      };
      const reading = Promise.all(t.random.shuffle([store, other, await t.open()]).map(read));
      const writing = async (): Promise<void> => {
        for (let n = 0; n < 60; n++) {
          await t.random.pick([store, other]).persist(LIST, 'c4', {}, whole(n));
          if (n % 3 === 0) await turn();
        }
        done = true;
      };
      await Promise.all([reading, writing().finally(() => (done = true))]);
      await t.expectLoad(other, 'c4', whole(59), { type: LIST, what: 'load after the last persist' });
    },
  },
  {
    id: 'C5',
    title: 'no load shows parts of two states',
    async check(t) {
      const [store, other] = await t.pair();
      const writeAndLook = async (id: string): Promise<void> => {
        await store.persist(LIST, id, {}, whole(0));
        for (let n = 1; n <= 27; n++) {
          const writing = store.persist(LIST, id, { title: String(n) }, whole(n, n % 6));
          const loads: Promise<unknown>[] = [];
          for (const handle of t.random.shuffle([store, other, other, other])) {
            loads.push(handle.load(LIST, id));
            await ticks(t.random.below(6));
            if (t.random.below(6) === 0) await turn();
          }
          await writing;
          for (const state of await Promise.all(loads)) expectWhole(state, [n - 1, n]);
        }
      };
      await Promise.all(['c5-0', 'c5-1', 'c5-2'].map(writeAndLook));
    },
  },
  historyRule,
  {
    id: 'C7',
    title: 'first use by many at once works',
    async check(t) {
      const cause =
        'Two first calls both create the storage or a table, and one fails or erases what the other did.';
      for (let round = 0; round < 3; round++) {
        const world = await t.newWorld();
        const opening = Array.from({ length: 6 }, async (_, i) => {
          const store = await t.open(world);
          const state = whole(i);
          const calls = [
            store.persist(LIST, `c7-${i}`, {}, state),
            store.persist(`First${i % 3}`, `c7-${i}`, {}, state),
            store.load(DOC, 'absent'),
          ];
          expectSame(
            (await Promise.all(calls))[2],
            null,
            'load of what is absent, among the first calls',
            cause,
          );
          return store;
        });
        const stores = await Promise.all(opening);
        for (const [i, store] of stores.entries()) {
          for (const type of [LIST, `First${i % 3}`]) {
            await t.expectLoad(stores[(i + 1) % 6] ?? store, `c7-${i}`, whole(i), {
              type,
              what: 'load of what was among the first calls',
              cause,
            });
          }
        }
      }
    },
  },
  {
    id: 'C8',
    title: 'calls on one handle that are not awaited take effect in call order',
    async check(t) {
      const runRound = async (round: number): Promise<void> => {
        const order = expectCallOrder(t, await t.open(), `c8-${round}`);
        // Calls that have to wait, for a lock or a connection, must keep their order too.
        await Promise.all([
          order,
          round % 2 === 1 ? writeOthers(await t.open(), `c8-other-${round}`) : undefined,
        ]);
        if (t.capabilities === undefined) return;
        const [mixed, last] = await Promise.all([t.open(), t.open()]);
        await Promise.all([
          expectMixedOrder(t, mixed, `c8-mix-${round}`),
          expectLastCall(t, last, `c8-last-${round}`),
        ]);
      };
      // Two at a time: calls must wait, for a lock or a connection, and keep their order all the same.
      await inBatches([0, 1, 2, 3, 4, 5], runRound, 2);
    },
  },
  {
    id: 'C9',
    title: 'a busy instance does not starve others',
    async check(t) {
      const store = await t.open();
      const big = whole('busy', 60);
      let completed = 0;
      let busy = true;
      // Always eight writes outstanding: the queue of this instance is never empty.
      const keepBusy = async (): Promise<void> => {
        while (busy && completed < 1_000) {
          await store.persist(LIST, 'c9-busy', {}, big);
          completed++;
        }
      };
      const writers = Array.from({ length: 8 }, keepBusy);
      for (let i = 0; i < 10; i++) await store.persist(LIST, `c9-${i}`, {}, big);
      busy = false;
      const starved = completed >= 1_000;
      await Promise.all(writers);
      expectThat(!starved, 'others must be served while one instance is written without a pause', {
        got: '1,000 writes of the busy one came first',
        cause: 'One queue for all, from which one instance is served until it has nothing more.',
      });
    },
  },
];

function expectWhole(state: unknown, allowed: readonly number[]): void {
  const got = exactText(state);
  const title = (state as { title?: unknown } | null)?.title;
  const n = Number(title);
  if (allowed.includes(n) && got === exactText(whole(n, n === 0 ? 4 : n % 6))) return;
  fail('load while a persist is in flight', {
    got: preview(state, 400),
    want: `state ${allowed.join(' or ')}, whole`,
    cause: TORN,
  });
}

/** Another handle, which wants the same locks as long as it writes. */
async function writeOthers(store: Subject, id: string): Promise<void> {
  const calls = Array.from({ length: 60 }, (_, n) => store.persist(LIST, `${id}-${n}`, {}, whole(n, 50)));
  await Promise.all(calls);
}

/** persist and load by turns, nothing awaited, the states of very different sizes. */
async function expectCallOrder(t: RuleContext, store: Subject, id: string): Promise<void> {
  const cause =
    'Calls are started side by side, or a load does not wait behind the writes that were called before it.';
  const writes: Promise<void>[] = [];
  const loads: Promise<unknown>[] = [];
  const states: object[] = [];
  for (let n = 0; n < 12; n++) {
    const state = whole(n, t.random.pick([0, 1, 300, 5]));
    states.push(state);
    writes.push(store.persist(LIST, id, {}, state));
    if (n % 4 === 3) writes.push(store.persist(DOC, id, {}, { n }));
    loads.push(store.load(LIST, id));
  }
  const seen = await Promise.all(loads);
  await Promise.all(writes);
  for (const [n, state] of seen.entries()) {
    const titleOf = (value: unknown) => (value as { title?: unknown } | null)?.title ?? null;
    expectSame(
      titleOf(state),
      String(n),
      `load called right after persist ${n + 1} of 12, none awaited`,
      cause,
    );
    expectSame(state, states[n], `load called right after persist ${n + 1} of 12, none awaited`, cause);
  }
  await t.expectLoad(store, id, states.at(-1), {
    type: LIST,
    what: 'load after 12 persists that were not awaited',
    cause,
  });
}
