import type { Hint } from '../../store';
import { exactText } from '../exact-text';
import { expectSame, expectText, expectThat, fail } from '../expect';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, ITEM, LIST } from '../suite-schema';
import { write } from './write';

interface Sample {
  id: string;
  text: string;
  count: number;
  nested: { deep: { n: number }; gone?: number };
  tags: string[];
  items: { id: string; title: string }[];
}

function sample(): Sample {
  const items = [
    { id: '1', title: 'one' },
    { id: '2', title: 'two' },
  ];
  return {
    id: 's',
    text: 'original',
    count: 1,
    nested: { deep: { n: 1 }, gone: 1 },
    tags: ['a', 'b'],
    items,
  };
}

/** Change a sample at every depth, which its owner may. */
function spoil(state: Sample): void {
  expectThat(
    !objectsIn(state).some(Object.isFrozen),
    'a state that belongs to the caller must not be frozen',
    {
      cause: 'The store freezes what it is given, or what it gives away.',
    },
  );
  state.text = 'spoiled';
  state.nested.deep.n = 666;
  delete state.nested.gone;
  state.tags.push('spoiled');
  state.items[0]!.title = 'spoiled';
  state.items.reverse();
  Object.assign(state, { added: true });
}

const KEPT = 'The store keeps a reference to the object that it was given, or a shallow copy.';
const LATE = 'The argument is copied or serialised after an `await`: do it before the first one.';
const SHARED = 'Two loads give the same object: load must give each caller its own.';

/** Group A: what the caller has and what the store has are two things. */
export const isolationRules: readonly Rule[] = [
  {
    id: 'A1',
    title: 'changing the argument after persist is not seen',
    async check(t) {
      const [store, other] = await t.pair();
      const state = sample();
      await store.persist(LIST, 'a1', state as never, state);
      spoil(state);
      await expectOriginal(store, 'a1', 'load after the argument was changed', KEPT);
      await expectOriginal(other, 'a1', 'load after the argument was changed', KEPT);
    },
  },
  {
    id: 'A2',
    title: 'changing the argument while persist is in flight is not seen',
    async check(t) {
      const what = 'load after the argument was changed while persist was in flight';
      for (let round = 0; round < 4; round++) {
        const store = await t.open(); // The first call opens, maybe: it must capture before.
        for (const id of [`a2-${round}-first`, `a2-${round}-second`]) {
          const state = sample();
          const busy = sample();
          const before = round % 2 === 1 ? store.persist(LIST, id, {}, busy) : undefined;
          const writing = store.persist(LIST, id, { text: state.text }, state);
          for (let i = 0; i < round; i++) await Promise.resolve();
          spoil(state);
          spoil(busy);
          await before;
          await writing;
          await expectOriginal(store, id, what, LATE);
        }
        await t.close(store);
      }
    },
  },
  {
    id: 'A3',
    title: 'changing what was loaded is not seen',
    async check(t) {
      const [store, other] = await t.pair();
      await store.persist(LIST, 'a3', {}, sample());
      for (const handle of [store, other, store]) {
        spoil((await handle.load(LIST, 'a3')) as Sample);
        await expectOriginal(handle, 'a3', 'load after an earlier result was changed', SHARED);
      }
    },
  },
  {
    id: 'A4',
    title: 'two loads give two graphs',
    async check(t) {
      const [store] = await t.pair();
      for (const id of ['a4', 'a4-equal']) await store.persist(LIST, id, {}, sample());
      const loads = await Promise.all([
        store.load(LIST, 'a4'),
        store.load(LIST, 'a4'),
        store.load(LIST, 'a4'),
      ]);
      for (const id of ['a4', 'a4-equal']) loads.push(await store.load(LIST, id));
      const objects = loads.flatMap((load) => objectsIn(load));
      if (new Set(objects).size < objects.length) {
        fail('loads must share no object', { got: 'an object that is in two of them', cause: SHARED });
      }
      const fresh = sample();
      await store.persist(LIST, 'a4', {}, fresh);
      if (objectsIn(await store.load(LIST, 'a4')).some((object) => objectsIn(fresh).includes(object))) {
        fail('a load must share no object with what was persisted', { cause: KEPT });
      }
    },
  },
  {
    id: 'A5',
    title: 'frozen arguments are accepted, and arguments are never changed',
    async check(t) {
      const [store] = await t.pair();
      const cause = 'The store writes into its arguments (an id, a version, a sorted array).';
      const frozen = freeze(sample());
      await store.persist(LIST, 'a5', freeze({ text: 'original' }), frozen);
      await store.persist(LIST, 'a5', frozen as never, frozen);
      await expectOriginal(store, 'a5', 'load after a frozen state was persisted');
      const full = sample();
      const diff = { text: 'original', nested: { deep: { n: 1 } }, gone: undefined };
      const before = [exactText(full), exactText(diff)];
      const writing = store.persist(LIST, 'a5', diff, full);
      expectText(
        [exactText(full), exactText(diff)].join(),
        before.join(),
        'the arguments during persist',
        cause,
      );
      await writing;
      await store.load(LIST, 'a5');
      expectText(
        [exactText(full), exactText(diff)].join(),
        before.join(),
        'the arguments after persist',
        cause,
      );
    },
  },
  {
    id: 'A6',
    title: 'the diff is neither kept nor validated',
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'The store writes the diff, or checks it as if it were a state.';
      const nested = { deep: { n: 1 } };
      const diff: Record<string, unknown> = {
        text: 'in the diff only',
        nested,
        more: 1,
        bad: NaN,
        fn: () => 1,
      };
      diff.cycle = diff;
      const full = { id: 'a6', nested: { deep: { n: 1 } } };
      const writing = store.persist(DOC, 'a6', diff, full);
      nested.deep.n = 2;
      await writing;
      nested.deep.n = 3;
      for (const handle of [store, other]) {
        await t.expectLoad(handle, 'a6', full, {
          what: 'load after a diff that says other than full',
          cause,
        });
      }
      await store.persist(DOC, 'a6', Object.freeze({ nested }), { ...full, nested });
      nested.deep.n = 4;
      await t.expectLoad(
        store,
        'a6',
        { ...full, nested: { deep: { n: 3 } } },
        { what: 'load after the diff was changed', cause },
      );
    },
  },
  {
    id: 'A7',
    title: 'the same holds for commit, loadVersioned, options, lists and hints',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      await commitIsolated(store);
      for (const handle of [store, other, store]) {
        const loaded = (await handle.loadVersioned(LIST, 'a7'))!;
        expectText(
          exactText(loaded.state),
          exactText(sample()),
          'loadVersioned after the argument was changed',
          LATE,
        );
        spoil(loaded.state as never);
        if (!Object.isFrozen(loaded)) loaded.rev = 99;
      }
      const [one, two] = await Promise.all([
        store.loadVersioned(LIST, 'a7'),
        store.loadVersioned(LIST, 'a7'),
      ]);
      expectSame(one?.rev, 1, 'the rev after a result was changed', SHARED);
      if (one === two || objectsIn(one?.state).some((object) => objectsIn(two?.state).includes(object))) {
        fail('two results of loadVersioned must share no object', { cause: SHARED });
      }
      expectThat(Object.isFrozen(store.capabilities), 'capabilities must be frozen', { cause: SHARED });
      if (store.capabilities.watch !== 'none') await hintsAreIsolated(t, store);
    },
  },
];

async function commitIsolated(store: Subject): Promise<void> {
  const full = sample();
  const write = {
    type: LIST as string,
    id: 'a7',
    diff: {},
    full: full as never,
    ifRev: 0 as number | undefined,
  };
  const writes = [write];
  const committing = store.commit(writes);
  spoil(full);
  Object.assign(write, { type: DOC, id: 'other', ifRev: 5 });
  writes.push({ type: DOC, id: 'added', diff: {}, full: {} as never, ifRev: undefined });
  const result = await committing;
  expectSame(result.revs, [1], 'the revs of a commit whose argument was changed in flight', LATE);
  for (const id of ['other', 'added']) {
    expectSame(await store.load(DOC, id), null, 'an instance that was put into the writes in flight', LATE);
  }
  await optionsAreCaptured(store);
  const frozen = freeze([{ type: LIST, id: 'a7-frozen', diff: {}, full: sample() as never }]);
  const before = exactText(frozen);
  await store.commit(frozen, freeze({}));
  expectText(exactText(frozen), before, 'the writes after commit', 'The store writes into its arguments.');
  await writesKeepTheirOrder(store);
}

async function writesKeepTheirOrder(store: Subject): Promise<void> {
  if (store.capabilities.atomic !== 'multi') return;
  const unsorted = ['a7-z', 'a7-a', 'a7-m'].map((id) => write(id, {}));
  for (const each of [unsorted, freeze([...unsorted])]) {
    await store.commit(each);
    const cause = 'The store sorts the array that it is given.';
    expectSame(
      each.map(({ id }) => id),
      ['a7-z', 'a7-a', 'a7-m'],
      'the order of the writes after commit',
      cause,
    );
  }
}

/** What is done to options while a call is in flight is not seen. */
async function optionsAreCaptured(store: Subject): Promise<void> {
  if (store.capabilities.idempotency) {
    const options = { eventId: 'a7' };
    const committing = store.commit([write('a7-event', {})], options);
    options.eventId = 'another';
    await committing;
    const again = await store.commit([write('a7-event', {})], { eventId: 'a7' });
    expectSame(again.status, 'duplicate', 'the same event, when its options were changed in flight', LATE);
  }
  if (typeof store.raw.remove === 'function') {
    await store.persist(DOC, 'a7-removed', {}, {});
    const options = { ifRev: 1 };
    const removing = store.remove(DOC, 'a7-removed', options);
    options.ifRev = 5;
    expectSame(await removing, true, 'remove, when its options were changed in flight', LATE);
  }
  if (typeof store.raw.list !== 'function') return;
  for (const id of ['a7-1', 'a7-2']) await store.persist(ITEM, id, {}, {});
  const options = { after: 'a7-1', limit: 1 };
  const listing = store.list(ITEM, options);
  Object.assign(options, { after: 'z', limit: 1_000 });
  expectSame(await listing, ['a7-2'], 'list, when its options were changed in flight', LATE);
  for (let n = 0; n < 3; n++) {
    const ids = await store.list(ITEM);
    expectSame(
      ids,
      ['a7-1', 'a7-2'],
      'list, when an earlier result was changed',
      'A list is kept and given away.',
    );
    if (!Object.isFrozen(ids)) ids.push('spoiled');
  }
}

async function hintsAreIsolated(t: RuleContext, store: Subject): Promise<void> {
  const seen: Hint[] = [];
  const spoiling = await store.watch((hint) => {
    try {
      Object.assign(hint, { id: 'spoiled', rev: -1 });
    } catch (error) {
      if ((error as Error).name !== 'TypeError') throw error; // A frozen hint is fine.
    }
  });
  const watching = await store.watch((hint) => seen.push(hint));
  await store.persist(DOC, 'hinted', {}, {});
  await t.eventually('a second listener must get its hint', () =>
    seen.some(({ rev }) => rev === 1 || rev === -1),
  );
  const hinted = seen.filter(({ id, rev }) => id === 'spoiled' || rev === -1 || id === 'hinted');
  expectSame(
    hinted.map(({ id, rev }) => [id, rev]),
    hinted.map(() => ['hinted', 1]),
    'the hint that a listener gets after another one changed its own',
    'All listeners get the same object.',
  );
  await spoiling();
  await watching();
}

async function expectOriginal(store: Subject, id: string, what: string, cause?: string): Promise<void> {
  expectText(exactText(await store.load(LIST, id)), exactText(sample()), what, cause);
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap((child) => objectsIn(child))];
}

function freeze<T extends object>(object: T): T {
  for (const child of Object.values(object))
    if (typeof child === 'object' && child !== null) freeze(child as object);
  return Object.freeze(object);
}
