import { exactText } from '../exact-text';
import { expectSame, expectThat, fail } from '../expect';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { ticks, turn } from '../turns';
import { expectAllOrNothing, expectFlawFound, expectManyRemovals, expectRevsInPlace } from './commit-sizes';
import { expectConflictPlaces } from './conflict-places';
import { listAppendRule } from './list-append-histories';
import { expectJoinedNamesApart, expectWholeLists } from './multi-checks';
import { expectNoFracture, expectWholeMoves } from './whole-commits';
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
      await Promise.all(['a', 'b', 'c'].map((name) => expectNothingOfRefused(t, store, other, name)));
      await expectAllOrNothing(t, store, other);
    },
  },
  {
    id: 'M2',
    title: 'one stale write refuses all, with its place as it was given',
    needs: ['multi'],
    async check(t) {
      const [store, other] = await t.pair();
      await expectConflictPlaces(t, store, other);
    },
  },
  {
    id: 'M3',
    title: 'one invalid write refuses all',
    needs: ['multi'],
    async check(t) {
      const [store, other] = await t.pair();
      await store.commit(IDS.map((id) => write(id, { id })));
      const invalid = [...IDS.keys()].map(async (index) => {
        const put = (bad: object) =>
          store.commit(
            IDS.map((id, i) => ({ ...write(id, { changed: true }), ...(i === index ? bad : {}) })),
          );
        const state = await t.refused(
          put({ full: { a: [NaN] } }),
          'STORE_INVALID_STATE',
          'a commit with NaN',
        );
        expectSame((state as { index?: unknown }).index, index, '`index` of the error');
        await Promise.all([
          t.refused(put({ full: undefined }), 'STORE_INVALID_STATE', 'a commit of undefined'),
          t.refused(put({ type: '' }), 'STORE_INVALID_KEY', 'a commit to an empty type'),
          t.refused(put({ id: 1 }), 'STORE_INVALID_KEY', 'a commit to an id that is a number'),
          t.refused(put({ ifRev: -1 }), 'STORE_INVALID_ARGUMENT', 'a commit with ifRev −1'),
        ]);
      });
      await Promise.all(invalid);
      await expectUnchanged(store, other);
      await t.refused(store.commit('text' as never), ['STORE_INVALID_ARGUMENT'], 'a commit of a string');
      await t.refused(store.commit([null] as never), ['STORE_INVALID_ARGUMENT'], 'a commit of [null]');
      await expectFlawFound(t, store, other, 'invalid');
    },
  },
  {
    id: 'M4',
    title: 'no reader sees half of a commit',
    needs: ['multi'],
    patience: 2,
    async check(t) {
      const [store, other] = await t.pair();
      const third = await t.open();
      const handles = [store, other, third];
      await Promise.all([
        ...['a', 'b'].map((name) => expectNoFracture(t, handles, { name, size: 20, commits: 25 })),
        expectWholeMoves(t, store, other, third),
        ...(typeof other.raw.list === 'function' ? [expectWholeLists(t, store, other, third)] : []),
      ]);
      for (const [size, commits] of [
        [120, 3],
        [600, 2],
        [2_100, 2],
      ] as const)
        await expectNoFracture(t, handles, { name: `of ${size}`, size, commits, type: DOC });
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
      const prepared = IDS.map(async (id, i) => {
        for (let n = 0; n < i * 2; n++) await store.persist(DOC, id, {}, { n });
        model.set(id, i * 2);
      });
      await Promise.all(prepared);
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
        const loaded = await Promise.all(IDS.map((id) => other.loadVersioned(DOC, id)));
        expectSame(
          loaded.map((each) => each?.rev ?? 0),
          IDS.map((id) => model.get(id)),
          'the revs after a commit of several',
        );
      }
      await expectRevsInPlace(t, store, other);
    },
  },
  {
    id: 'M7',
    title: 'one instance twice in one commit is refused',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
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
      await expectFlawFound(t, store, other, 'twice');
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
        const looks = [store, other].map(async (handle) => {
          const gone = t.expectLoad(handle, from as string, null, {
            type: LIST,
            what: 'load of what was removed',
          });
          const [loaded] = await Promise.all([handle.loadVersioned(LIST, to as string), gone]);
          expectSame([loaded?.rev, loaded?.state], [created, state(n)], 'loadVersioned of what was created');
        });
        await Promise.all(looks);
      }
      await expectManyRemovals(t, store, other);
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

/** A refused commit is not seen at any time, one that is made is seen whole (rule M1). */
async function expectNothingOfRefused(
  t: RuleContext,
  store: Subject,
  other: Subject,
  name: string,
): Promise<void> {
  const ids = IDS.map((id) => `${id}-${name}`);
  for (let n = 1; n <= 5; n++) {
    const order = t.random.shuffle(ids);
    const last = order.at(-1) ?? '';
    const refused = store.commit(order.map((id) => write(id, { refused: n }, id === last ? 999 : undefined)));
    const seen = observe(t, other, ids, n % 3);
    await t.refused(refused, 'STORE_CONFLICT', 'a commit with one stale write');
    for (const state of await seen)
      expectThat(
        (state as { refused?: unknown } | null)?.refused === undefined,
        'nothing of a refused commit may be seen, at no time',
        { got: exactText(state), cause: PARTIAL },
      );
    await store.commit(order.map((id) => write(id, { n })));
    const expectation = { what: 'load after a commit of four', cause: TORN };
    const looks = [store, other].flatMap((handle) =>
      ids.map((id) => t.expectLoad(handle, id, { n }, expectation)),
    );
    await Promise.all(looks);
  }
}

/** Load all instances a few times while a commit is on its way. */
async function observe(
  t: RuleContext,
  reader: Subject,
  ids: readonly string[],
  delay: number,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let round = 0; round < 3; round++) {
    await ticks(delay);
    seen.push(...(await Promise.all(t.random.shuffle(ids).map((id) => reader.load(DOC, id)))));
    if (round === 1) await turn();
  }
  return seen;
}

async function expectUnchanged(...handles: readonly Subject[]): Promise<void> {
  const looks = handles.flatMap((handle) =>
    IDS.map(async (id) => {
      const loaded = await handle.loadVersioned(DOC, id);
      expectSame([loaded?.rev, loaded?.state], [1, { id }], 'loadVersioned after a refused commit', PARTIAL);
    }),
  );
  await Promise.all(looks);
}
