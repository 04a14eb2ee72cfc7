import { expectSame } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { expectResolved } from './expect-resolved';
import { write } from './write';

/** Whatever a listener throws, the commit is made and the next listener gets its hint (rule E8). */
export async function expectAnythingThrown(t: RuleContext, store: Subject): Promise<void> {
  for (const [n, thrown] of [
    undefined,
    null,
    'a text that the conformance suite throws on purpose',
  ].entries()) {
    const id = `e8-thrown-${n}`;
    const shown = `a listener that throws ${String(thrown)}`;
    let next = 0;
    const throwing = (): never => {
      throw thrown;
    };
    const ends = [
      await store.watch(throwing),
      await store.watch(async () => throwing()),
      await store.watch((hint) => void (next += Number(hint.id === id))),
    ];
    await expectResolved(
      store.commit([write(id, { n })]),
      `a commit must be made beside ${shown}`,
      'What is thrown is taken for an Error, and its message is read.',
    );
    await t.eventually(`a hint must come beside ${shown}`, () => next > 0);
    for (const end of ends) await end();
  }
}

/** A listener may call its handle at once: it is answered, and sees the commit (rule E8). */
export async function expectAnswersWithinHint(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  for (const [n, writer] of [store, other].entries()) {
    const id = `e8-within-${n}`;
    const answers: Promise<unknown>[] = [];
    const end = await store.watch((hint) => {
      if (hint.type !== DOC || hint.id !== id || answers.length > 0) return;
      answers.push(
        store.load(DOC, id),
        store.loadVersioned(DOC, id).then((loaded) => [loaded?.rev, loaded?.state]),
        store.commit([write(id, { within: n }, undefined, LIST)]).then(({ revs }) => revs),
        store.persist(DOC, `${id}-too`, {}, { n }),
      );
      for (const answer of answers) answer.catch(() => undefined);
    });
    await writer.commit([write(id, { n })]);
    await t.eventually('a hint must come', () => answers.length > 0);
    const cause = 'The hint is sent within the transaction, or before the commit is seen by all.';
    const got = await expectResolved(
      Promise.all(answers),
      'calls that are made within a hint must be answered',
      cause,
    );
    const want = [{ n }, [1, { n }], [1], undefined];
    expectSame(got, want, 'what load, loadVersioned, commit and persist answer within a hint', cause);
    await end();
  }
}

/** A listener may end itself within its hint; the others have theirs (rule E8). */
export async function expectEndWithinHint(t: RuleContext, store: Subject): Promise<void> {
  const called: number[] = [0, 0, 0];
  const ends: (() => Promise<void>)[] = [];
  for (const n of [0, 1, 2]) {
    const end = await store.watch(({ id }) => {
      if (id !== 'e8-ends') return;
      called[n] = 1;
      if (n < 2) void ends[n]?.();
    });
    ends.push(end);
  }
  await store.persist(DOC, 'e8-ends', {}, {});
  await t.eventually(
    'listeners must get a hint within which those before them end themselves',
    () => called.every((count) => count === 1),
    () => ({
      got: `called: ${called.join()}`,
      cause: 'The list of listeners changes while it is gone through.',
    }),
  );
  for (const end of ends) await end();
}

/** A subscription that is made within a hint gets the hints of later commits (rule E8). */
export async function expectWatchWithinHint(t: RuleContext, store: Subject): Promise<void> {
  const later = new Set<string>();
  let watching: Promise<() => Promise<void>> | undefined;
  const end = await store.watch(() => {
    watching ??= store.watch(({ id }) => void later.add(id));
  });
  await store.persist(DOC, 'e8-begins', {}, {});
  await t.eventually('a hint must come', () => watching !== undefined);
  const endInner = await watching;
  await end();
  await store.persist(DOC, 'e8-begun', {}, {});
  await t.eventually('who watches from within a hint must get later hints', () => later.has('e8-begun'));
  await endInner?.();
}
