import type { Hint } from '../../store';
import { exactText } from '../exact-text';
import { expectSame, expectThat } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { pause, turn } from '../turns';
import { write } from './write';

/** Ending what one listener, or all, had must not end what another has (rule E6). */
export async function expectSubscriptions(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const seen: Hint[] = [];
  const take = (hint: Hint): void => void seen.push(hint);
  const has = (id: string): boolean => seen.some((hint) => hint.id === id);
  const first = await store.watch(take);
  expectThat(typeof first === 'function', 'watch must give a function that ends it', { got: typeof first });
  const second = await store.watch(take);
  const ending: unknown = first();
  const isPromise = typeof (ending as { then?: unknown } | undefined)?.then === 'function';
  expectThat(isPromise, 'ending a subscription must give a promise', { got: typeof ending });
  expectSame(await ending, undefined, 'what ending a subscription resolves with');
  await other.persist(DOC, 'same', {}, {});
  await t.eventually('a function that is subscribed twice, and ended once, must get hints', () =>
    has('same'),
  );
  await second();
  seen.length = 0;
  for (const n of [1, 2]) {
    const again = await store.watch(take);
    await other.persist(DOC, `again-${n}`, {}, {});
    await t.eventually('who watches after all have ended must get hints', () => has(`again-${n}`));
    await again();
  }
}

/** When ending a subscription has resolved, its listener is called no more (rule E6). */
export async function expectNoLateHints(store: Subject, other: Subject): Promise<void> {
  let late = 0;
  for (let n = 0; n < 6; n++) {
    let over = false;
    const unsubscribe = await store.watch(() => void (late += Number(over)));
    const writing = (n % 2 === 0 ? store : other).persist(DOC, `late-${n}`, {}, {});
    if (n < 4) await writing;
    if (n % 3 === 0) await turn();
    await unsubscribe();
    over = true;
    await writing;
  }
  await pause(25);
  expectSame(late, 0, 'the hints that come after ending the subscription has resolved');
}

/** What listeners return is not awaited: they may call the store, and may reject (rule E8). */
export async function expectHarmlessListeners(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const answered = new Set<string>();
  const cause = 'A commit waits for what a listener returns, or takes its rejection for its own.';
  const unsubscribes = [
    await store.watch(async ({ type, id, rev }) => {
      if (type !== DOC) return;
      const loaded = await store.loadVersioned(type, id);
      await store.persist('E8Seen', id, {}, { rev });
      if (loaded?.rev === rev) answered.add(id);
    }),
    await store.watch(() => {
      const error = new Error('a listener of the conformance suite rejects on purpose');
      error.stack = error.message; // Stores may log it.
      return Promise.reject(error);
    }),
  ];
  for (const [i, writer] of [store, other, store].entries()) {
    const { revs } = await writer.commit([write(`e8-${i}`, { i })]);
    expectSame(revs, [1], 'the revs of a commit whose hint goes to async listeners', cause);
    await t.eventually('a listener that calls the store must get its answer', () => answered.has(`e8-${i}`));
  }
  for (const unsubscribe of unsubscribes) await unsubscribe();
}

/** A pause changes nothing (rule E6). */
export async function expectHintsAfterPause(t: RuleContext, store: Subject): Promise<void> {
  let newest = 0;
  const unsubscribe = await store.watch(({ rev }) => void (newest = Math.max(newest, rev)));
  await store.persist(LIST, 'pause', {}, {});
  await t.eventually('a hint must come', () => newest === 1);
  await pause(1_200);
  await store.persist(LIST, 'pause', {}, {});
  await t.eventually('a hint must come after a pause of 1.2 s', () => newest === 2);
  await unsubscribe();
}

/** All hints of a commit of several go to every handle, each with its own type (rule E9). */
export async function expectHintsOfSeveral(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  if (store.capabilities.atomic !== 'multi') return;
  await other.persist(LIST, 'several-gone', {}, {});
  const handles = [store, other, await t.open()];
  const seen: string[][] = handles.map(() => []);
  const unsubscribes = await Promise.all(
    handles.map((handle, i) =>
      handle.watch(({ type, id, rev, removed }) => void seen[i]?.push(exactText([type, id, rev, removed]))),
    ),
  );
  await store.commit([
    write('several', {}),
    write('several', {}, undefined, LIST),
    write('several-b', {}),
    write('several-gone', null, undefined, LIST),
  ]);
  const want = [
    [DOC, 'several', 1, false],
    [LIST, 'several', 1, false],
    [DOC, 'several-b', 1, false],
    [LIST, 'several-gone', 2, true],
  ].map(exactText);
  for (const hints of seen) {
    await t.eventually(
      'every handle must get a hint of each instance of a commit of several',
      () => want.every((hint) => hints.includes(hint)),
      () => ({
        got: hints.join(' '),
        want: want.join(' '),
        cause: 'Hints are sent for the first write only.',
      }),
    );
    const stray = hints.filter((hint) => !want.includes(hint) && !hint.includes('"several-gone",1,'));
    expectSame(stray, [], 'the hints of a commit of several that are of none of its writes');
  }
  for (const unsubscribe of unsubscribes) await unsubscribe();
}
