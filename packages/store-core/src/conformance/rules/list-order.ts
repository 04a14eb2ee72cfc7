import { compareCodePoints } from '../../compare-code-points';
import { expectSame } from '../expect';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { write } from './write';

const CAUSE =
  'A listing is answered while calls made before it still wait: it must wait for the calls of its type.';

/** Rule C11. */
export const listOrderRule: Rule = {
  id: 'C11',
  title: 'list and types see every call made before them, awaited or not',
  needs: ['list'],
  async check(t) {
    // A handle that is not open yet, and one that is.
    const fresh = await t.open();
    await expectListed(t, fresh, 'opening');
    for (let round = 0; round < 6; round++) await expectListed(t, fresh, `round-${round}`);
    await expectRemovalsListed(fresh);
    if (typeof fresh.raw.types === 'function') await expectTypesListed(fresh);
  },
};

/** Persists and commits, then a list, none of them awaited. */
async function expectListed(t: RuleContext, store: Subject, name: string): Promise<void> {
  const type = `C11${name}`;
  const ids = Array.from({ length: 1 + t.random.below(12) }, (_, n) => `${name}-${n}`);
  const calls: Promise<unknown>[] = [];
  for (const [n, id] of ids.entries()) {
    for (let times = t.random.below(3); times >= 0; times--) {
      const byCommit = typeof store.raw.commit === 'function' && t.random.below(2) === 0;
      calls.push(
        byCommit ? store.commit([write(id, { n }, undefined, type)]) : store.persist(type, id, {}, { n }),
      );
    }
    if (n === 0) calls.push(store.load(type, id));
  }
  const [listed] = await Promise.all([store.list(type), ...calls]);
  expectSame(listed, ids.toSorted(compareCodePoints), 'list, called right after unawaited writes', CAUSE);
}

/** What was removed before a list is not in it, nor what was created again missing. */
async function expectRemovalsListed(store: Subject): Promise<void> {
  if (typeof store.raw.remove !== 'function') return;
  const ids = ['a', 'b', 'c', 'd'];
  await Promise.all(ids.map((id) => store.persist(LIST, id, {}, {})));
  const calls: Promise<unknown>[] = ['a', 'b', 'c'].map((id) => store.remove(LIST, id));
  calls.push(store.persist(LIST, 'b', {}, {}), store.persist(LIST, 'e', {}, {}));
  const [listed] = await Promise.all([store.list(LIST), ...calls]);
  expectSame(listed, ['b', 'd', 'e'], 'list, called right after unawaited removals', CAUSE);
  if (store.raw.capabilities?.atomic !== 'multi') return;
  const commit = store.commit([write('b', null, undefined, LIST), write('f', {}, undefined, LIST)]);
  const [after] = await Promise.all([store.list(LIST), commit]);
  expectSame(after, ['d', 'e', 'f'], 'list, called right after an unawaited commit of several', CAUSE);
}

async function expectTypesListed(store: Subject): Promise<void> {
  const before = await store.types();
  const calls: Promise<unknown>[] = [store.persist(DOC, 'a', {}, {}), store.persist('C11Last', 'a', {}, {})];
  const [types] = await Promise.all([store.types(), ...calls]);
  const want = [...new Set([...before, DOC, 'C11Last'])].sort(compareCodePoints);
  expectSame(types, want, 'types, called right after unawaited writes', CAUSE);
}
