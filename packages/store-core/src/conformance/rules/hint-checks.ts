import { expectSame } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { pause } from '../turns';
import { expectResolved } from './expect-resolved';
import { persistIfHeld } from './persist-if-held';
import { write } from './write';

/** More than a page, a buffer or a bounded queue of hints may hold. */
const MANY = 250;

/** However many instances change at once, each has its hint (rule E6). */
export async function expectHintsOfMany(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const cause = 'Hints are read page by page, or wait in a queue of a fixed length.';
  const ids = Array.from({ length: MANY }, (_, i) => `of-many-${i}`);
  const handles = [store, other].map((handle) => ({ handle, newest: new Map<string, number>() }));
  const ends = await Promise.all(
    handles.map(({ handle, newest }) =>
      handle.watch(({ type, id, rev }) => {
        if (type === LIST) newest.set(id, Math.max(rev, newest.get(id) ?? 0));
      }),
    ),
  );
  const expectAll = async (rev: number, how: string): Promise<void> => {
    for (const { newest } of handles) {
      const reached = (): number => ids.filter((id) => (newest.get(id) ?? 0) >= rev).length;
      await t.eventually(
        `each of ${MANY} instances must have a hint, ${how}`,
        () => reached() === MANY,
        () => ({ got: `${reached()} have`, cause }),
      );
    }
  };
  await Promise.all(ids.map((id) => store.persist(LIST, id, {}, {})));
  await expectAll(1, 'all persisted at once');
  if (store.capabilities.atomic === 'multi') {
    await store.commit(ids.map((id) => write(id, {}, undefined, LIST)));
    await expectAll(2, 'all written in one commit');
  }
  for (const end of ends) await end();
}

/** A long id is refused, or its hints come (rule E6). */
export async function expectHintsOfLongIds(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const seen = new Set<string>();
  const end = await store.watch(({ id }) => void seen.add(id));
  const ids = [300, 2_000, 9_000, 65_536].flatMap((length) => ['v', 'w'].map((each) => each.repeat(length)));
  const held = await Promise.all(ids.map((id, n) => persistIfHeld(t, n % 2 === 0 ? store : other, id, {})));
  const missing = (): number[] =>
    ids.filter((id, n) => held[n] === true && !seen.has(id)).map((id) => id.length);
  await t.eventually(
    'a hint of a long id must come, or the id must be refused',
    () => missing().length === 0,
    () => ({
      got: `none of ids of ${missing().join(', ')} characters`,
      cause: 'The message that carries the hint has a limit, and what is longer is dropped.',
    }),
  );
  await end();
}

/** However many listeners a handle has, each gets its hint (rule E6). */
export async function expectManyListeners(t: RuleContext, store: Subject): Promise<void> {
  const called = new Set<number>();
  const ends = await Promise.all(
    Array.from({ length: 20 }, (_, n) => store.watch(({ id }) => void (id === 'to-many' && called.add(n)))),
  );
  await store.persist(DOC, 'to-many', {}, {});
  const got = () => ({ got: `${called.size} of ${ends.length}` });
  await t.eventually('each listener of a handle must get the hint', () => called.size === ends.length, got);
  for (const end of ends) await end();
}

/** Closing one handle ends nothing of another (rule E6). */
export async function expectHintsAfterCloseOfAnother(
  t: RuleContext,
  store: Subject,
  other: Subject,
): Promise<void> {
  const seen = new Set<string>();
  const end = await store.watch(({ id }) => void seen.add(id));
  const closing = await t.open();
  await closing.watch(() => undefined);
  await t.close(closing);
  for (const [id, writer] of [
    ['closed-other', other],
    ['closed-own', store],
  ] as const) {
    await writer.persist(DOC, id, {}, {});
    await t.eventually(
      'hints must go on when another handle, which had a listener, is closed',
      () => seen.has(id),
      () => ({ cause: 'What watches is shared by all handles, and the first that closes stops it.' }),
    );
  }
  await end();
}

/** When a handle is closed, its listeners are called no more, and to end them does nothing (rule E6). */
export async function expectNoHintsAfterClose(t: RuleContext, other: Subject): Promise<void> {
  for (const writes of [0, 1, 2]) {
    let late = 0;
    let over = false;
    const closing = await t.open();
    const end = await closing.watch(() => void (late += Number(over)));
    if (writes > 0) await closing.persist(DOC, 'closing', {}, {});
    const writing = writes > 1 ? other.persist(DOC, 'closing-other', {}, {}) : undefined;
    await t.close(closing);
    over = true;
    await writing;
    await other.persist(DOC, 'closed', {}, {});
    await pause(25);
    expectSame(
      late,
      0,
      'the hints that come after close has resolved',
      'Closing does not end subscriptions.',
    );
    for (let i = 0; i < 2; i++)
      await expectResolved(end(), 'ending a subscription must resolve when the handle is closed');
  }
}
