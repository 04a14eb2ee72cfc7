import { exactText } from '../exact-text';
import { expectSame, expectThat, fail } from '../expect';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { ticks, turn } from '../turns';
import { listAppendRule } from './list-append-histories';
import { expectJoinedNamesApart, expectWholeLists } from './multi-checks';
import { expectAllOrNothing } from './rev-checks';
import { write } from './write';

const TORN = 'The writes of a commit are made one by one, and a reader comes between them.';
const PARTIAL = 'The writes before the one that fails are made, or made and taken back.';
const IDS = ['m-a', 'm-b', 'm-c', 'm-d'] as const;

/** Group M: several instances in one commit. */
export const multiInstanceRules: readonly Rule[] = [
  {
    id: 'M1',
    title: 'a commit of several instances is seen whole or not at all',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      if (store.capabilities.atomic === 'instance') return refusedWithoutMulti(t, store);
      for (let n = 1; n <= 12; n++) {
        const order = t.random.shuffle(IDS);
        const poison = write('m-a', { refused: n }, 999);
        const refused = store.commit([
          ...order.filter((id) => id !== 'm-a').map((id) => write(id, { refused: n })),
          poison,
        ]);
        const seen = observe(t, other, n % 3);
        await t.refused(refused, 'STORE_CONFLICT', 'a commit with one stale write');
        for (const state of await seen)
          expectThat(
            (state as { refused?: unknown } | null)?.refused === undefined,
            'nothing of a refused commit may be seen, at no time',
            { got: exactText(state), cause: PARTIAL },
          );
        await store.commit(order.map((id) => write(id, { n })));
        for (const handle of t.random.shuffle([store, other])) {
          for (const id of t.random.shuffle(IDS))
            await t.expectLoad(handle, id, { n }, { what: 'load after a commit of four', cause: TORN });
        }
      }
      await expectAllOrNothing(t, store, other);
    },
  },
  {
    id: 'M2',
    title: 'one stale write refuses all, with its index',
    needs: ['multi'],
    async check(t) {
      const [store, other] = await t.pair();
      await store.commit(IDS.map((id) => write(id, { id })));
      for (const [index, id] of IDS.entries()) {
        const writes = IDS.map((each) => write(each, { changed: true }, each === id ? 7 : 1));
        const error = await t.refused(
          other.commit(writes),
          'STORE_CONFLICT',
          `a commit whose write ${index} is stale`,
        );
        const { type, id: ofId, index: at, expected, actual } = error as Record<string, unknown>;
        expectSame(
          { type, id: ofId, index: at, expected, actual },
          { type: DOC, id, index, expected: 7, actual: 1 },
          'what the conflict tells',
        );
        const blind = IDS.map((each) =>
          each === id ? write(each, null, 7) : write(each, each === 'm-b' ? null : { changed: true }),
        );
        await t.refused(store.commit(blind), 'STORE_CONFLICT', 'a commit with one stale removal');
        await expectUnchanged(store, other);
      }
    },
  },
  {
    id: 'M3',
    title: 'one invalid write refuses all',
    needs: ['multi'],
    async check(t) {
      const [store, other] = await t.pair();
      await store.commit(IDS.map((id) => write(id, { id })));
      for (const index of IDS.keys()) {
        const put = (bad: object) =>
          IDS.map((id, i) => ({ ...write(id, { changed: true }), ...(i === index ? bad : {}) }));
        const state = await t.refused(
          store.commit(put({ full: { a: [NaN] } })),
          'STORE_INVALID_STATE',
          'a commit with NaN',
        );
        expectSame((state as { index?: unknown }).index, index, '`index` of the error');
        await t.refused(
          store.commit(put({ full: undefined })),
          'STORE_INVALID_STATE',
          'a commit of undefined',
        );
        await t.refused(store.commit(put({ type: '' })), 'STORE_INVALID_KEY', 'a commit to an empty type');
        await t.refused(
          store.commit(put({ id: 1 })),
          'STORE_INVALID_KEY',
          'a commit to an id that is a number',
        );
        await t.refused(store.commit(put({ ifRev: -1 })), 'STORE_INVALID_ARGUMENT', 'a commit with ifRev −1');
        await expectUnchanged(store, other);
      }
      await t.refused(store.commit('text' as never), ['STORE_INVALID_ARGUMENT'], 'a commit of a string');
      await t.refused(store.commit([null] as never), ['STORE_INVALID_ARGUMENT'], 'a commit of [null]');
    },
  },
  {
    id: 'M4',
    title: 'no reader sees half of a commit',
    needs: ['multi'],
    async check(t) {
      const [store, other] = await t.pair();
      const ids = Array.from({ length: 20 }, (_, i) => `m4-${i}`);
      let done = false;
      const read = async (reader: Subject): Promise<void> => {
        const look = async (id: string): Promise<number> =>
          Number(((await reader.load(LIST, id)) as { title: string } | null)?.title ?? -1);
        for (let looks = 1; !done; looks++) {
          const [one, two] = t.random.shuffle(ids) as [string, string];
          // One after the other: what is read later cannot be older than what was read before.
          const before = await look(one);
          await ticks(t.random.below(3));
          const after = await look(two);
          if (after < before) {
            fail('half of a commit was seen', {
              got: `one instance at ${before}, then another still at ${after}`,
              want: 'both from the same commit, or the later read newer',
              cause: TORN,
            });
          }
          if (looks % 30 === 0) await turn();
        }
      };
      const third = await t.open();
      const reading = Promise.all([store, other, third, other, third, other, third].map(read));
      const writing = async (): Promise<void> => {
        for (let n = 0; n < 60; n++) {
          const state = { id: 'l', title: String(n), items: [{ id: 'i', title: String(n) }] };
          const writes = t.random.shuffle(ids).map((id) => write(id, state, undefined, LIST));
          await t.random.pick([store, other]).commit(writes);
          await ticks(t.random.below(30));
          if (t.random.below(6) === 0) await turn();
        }
      };
      await Promise.all([reading, writing().finally(() => (done = true))]);
      if (typeof other.raw.list === 'function') await expectWholeLists(t, store, other, third);
    },
  },
  {
    id: 'M5',
    title: 'commits that cross do not block each other for good',
    needs: ['multi'],
    async check(t) {
      const handles = await t.pair();
      const commit = async (store: Subject, ids: readonly string[], n: number): Promise<void> => {
        for (let tries = 0; tries < 50; tries++) {
          const error = await rejection(store.commit(ids.map((id) => write(id, { n }))));
          if (error === undefined) return;
          t.checkCode(error.value, ['STORE_BUSY'], 'a commit that crosses another');
        }
        fail('a commit that crosses others must come to its end', { got: 'refused as busy 50 times' });
      };
      for (let round = 0; round < 15; round++) {
        const crossing = [
          IDS,
          IDS.toReversed(),
          [...IDS.slice(2), ...IDS.slice(0, 2)],
          t.random.shuffle(IDS),
        ];
        await Promise.all(crossing.map((ids, i) => commit(handles[i % 2] as Subject, ids, round * 4 + i)));
      }
      const states = await Promise.all(IDS.map((id) => handles[0].load(DOC, id)));
      expectThat(new Set(states.map(exactText)).size === 1, 'all instances must be of the same last commit', {
        got: exactText(states),
        cause: TORN,
      });
      expectSame((await handles[1].loadVersioned(DOC, 'm-a'))?.rev, 60, 'the rev after 60 commits');
    },
  },
  {
    id: 'M6',
    title: 'revs move once each, and come in the order of the writes',
    needs: ['multi'],
    async check(t) {
      const [store, other] = await t.pair();
      const model = new Map<string, number>(IDS.map((id) => [id, 0]));
      for (const [i, id] of IDS.entries()) {
        for (let n = 0; n < i * 2; n++) await store.persist(DOC, id, {}, { n });
        model.set(id, i * 2);
      }
      for (let n = 0; n < 6; n++) {
        const ids = t.random.shuffle(IDS).slice(0, 2 + (n % 3));
        const writes = ids.map((id, i) => write(id, { n }, i % 2 === 0 ? model.get(id) : undefined));
        for (const id of ids) model.set(id, (model.get(id) ?? 0) + 1);
        const { revs } = await (n % 2 === 0 ? store : other).commit(writes);
        expectSame(
          revs,
          ids.map((id) => model.get(id)),
          'the revs of a commit of several',
          'Revs come in another order than the writes, or are counted for the whole commit.',
        );
        for (const id of IDS)
          expectSame(
            (await other.loadVersioned(DOC, id))?.rev ?? 0,
            model.get(id),
            'the rev after a commit of several',
          );
      }
    },
  },
  {
    id: 'M7',
    title: 'one instance twice in one commit is refused',
    needs: ['capabilities'],
    async check(t) {
      const [store] = await t.pair();
      await store.persist(DOC, 'm7', {}, { n: 0 });
      const cause = 'The last one wins in silence.';
      for (const [first, second] of [
        [write('m7', { n: 1 }), write('m7', { n: 2 })],
        [write('m7', { n: 1 }), write('m7', null)],
        [write('m7', { n: 0 }, 1), write('m7', { n: 0 }, 1)],
        [write('m7', { n: 1 }, 1), write('m7', { n: 2 }, 2)],
      ] as const) {
        await t.refused(
          store.commit([first, second]),
          'STORE_INVALID_ARGUMENT',
          'a commit that has one instance twice',
          cause,
        );
        if (store.capabilities.atomic === 'multi') {
          await t.refused(
            store.commit([first, write('m7-other', {}), second]),
            'STORE_INVALID_ARGUMENT',
            'a commit that has one instance twice',
            cause,
          );
        }
      }
      const loaded = await store.loadVersioned(DOC, 'm7');
      expectSame([loaded?.rev, loaded?.state], [1, { n: 0 }], 'loadVersioned after the refusals');
      await t.expectLoad(store, 'm7-other', null);
      if (store.capabilities.atomic !== 'multi') return;
      const alike = [write('m7', {}), write('m7', {}, undefined, LIST), write('M7', {}), write('m7 ', {})];
      expectSame(
        (await store.commit(alike)).revs,
        [2, 1, 1, 1],
        'the revs of a commit of instances that look alike',
        'Instances are compared by a joined or folded key.',
      );
      await expectJoinedNamesApart(t, store);
    },
  },
  listAppendRule,
  {
    id: 'M9',
    title: 'removal and creation go together',
    needs: ['multi'],
    async check(t) {
      const [store, other] = await t.pair();
      const state = (n: number) => ({ id: 'l', items: [{ id: 'i', title: String(n) }] });
      await store.persist(LIST, 'old', {}, state(0));
      for (let n = 1; n <= 6; n++) {
        const [from, to] = n % 2 === 1 ? ['old', 'new'] : ['new', 'old'];
        const before = (await other.loadVersioned(LIST, from as string))?.rev ?? -1;
        const move = [
          write(from as string, null, before, LIST),
          write(to as string, state(n), 0, LIST),
          write('never', null, undefined, LIST),
          write('log', state(n), n - 1, LIST),
        ];
        const { revs } = await store.commit(n % 3 === 0 ? move.toReversed() : move);
        const [removed, created, never, logged] = n % 3 === 0 ? revs.toReversed() : revs;
        expectSame(
          [removed, never, logged],
          [before + 1, 0, n],
          'the revs of a commit that removes and creates',
        );
        for (const handle of [store, other]) {
          await t.expectLoad(handle, from as string, null, { type: LIST, what: 'load of what was removed' });
          expectSame(
            await handle.loadVersioned(LIST, to as string).then((loaded) => [loaded?.rev, loaded?.state]),
            [created, state(n)],
            'loadVersioned of what was created',
          );
        }
      }
    },
  },
  {
    id: 'M10',
    title: 'an empty commit is committed',
    needs: ['capabilities'],
    async check(t) {
      const store = await t.open();
      expectSame(await store.commit([]), { status: 'committed', revs: [] }, 'the result of commit([])');
      await store.persist(DOC, 'm10', {}, {});
      expectSame(
        await store.commit([], {}),
        { status: 'committed', revs: [] },
        'the result of commit([], {})',
      );
      expectSame((await store.loadVersioned(DOC, 'm10'))?.rev, 1, 'the rev after an empty commit');
    },
  },
];

/** Without `atomic: 'multi'`, more than one instance must be refused, not written one by one. */
async function refusedWithoutMulti(t: RuleContext, store: Subject): Promise<void> {
  const cause = "The writes are made one by one: declare atomic: 'multi' only if they are made together.";
  await t.refused(
    store.commit(IDS.map((id) => write(id, { id }))),
    'STORE_UNSUPPORTED',
    "several instances with atomic: 'instance'",
    cause,
  );
  for (const id of IDS) await t.expectLoad(store, id, null, { what: 'load after the refusal', cause });
}

/** Load all instances a few times while a commit is on its way. */
async function observe(t: RuleContext, reader: Subject, delay: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let round = 0; round < 3; round++) {
    await ticks(delay);
    seen.push(...(await Promise.all(t.random.shuffle(IDS).map((id) => reader.load(DOC, id)))));
    if (round === 1) await turn();
  }
  return seen;
}

async function expectUnchanged(...handles: readonly Subject[]): Promise<void> {
  for (const handle of handles) {
    for (const id of IDS) {
      const loaded = await handle.loadVersioned(DOC, id);
      expectSame([loaded?.rev, loaded?.state], [1, { id }], 'loadVersioned after a refused commit', PARTIAL);
    }
  }
}
