import { expectSame, expectThat } from '../expect';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { turn } from '../turns';
import {
  expectHintsAfterCloseOfAnother,
  expectHintsOfLongIds,
  expectHintsOfMany,
  expectManyListeners,
  expectNoHintsAfterClose,
} from './hint-checks';
import { expectHintsOfBursts } from './hint-bursts';
import { expectHintsOfAnyName } from './hint-names';
import { Commits, EARLY, Hints } from './hints';
import {
  expectAnswersWithinHint,
  expectAnythingThrown,
  expectEndWithinHint,
  expectWatchWithinHint,
} from './listener-checks';
import {
  expectHarmlessListeners,
  expectHintsAfterPause,
  expectHintsOfSeveral,
  expectNoLateHints,
  expectSubscriptions,
} from './watch-checks';
import { write } from './write';

/** Group E, second half: hints. */
export const watchingRules: readonly Rule[] = [
  {
    id: 'E6',
    title: 'a hint follows each commit, own ones included, and none comes after unsubscribing',
    needs: ['watch'],
    patience: 2,
    async check(t) {
      const [store, other] = await t.pair();
      const seen = new Hints(t, other);
      const unsubscribe = await store.watch((hint) => seen.take(hint));
      const commits = await expectHintOfEachCommit(store, seen);
      await seen.expectSound(commits);
      await expectQuiet(t, store, unsubscribe, seen);
      await expectSubscriptions(t, store, other);
      await expectNoLateHints(store, other);
      await expectHintsAfterPause(t, store);
      await expectHintsOfMany(t, store, other);
      await expectHintsOfAnyName(t, store, other);
      await expectHintsOfBursts(t, store, other);
      await expectHintsOfLongIds(t, store, other);
      await expectManyListeners(t, store);
      await expectHintsAfterCloseOfAnother(t, store, other);
      await expectNoHintsAfterClose(t, store);
    },
  },
  {
    id: 'E7',
    title: 'no hint comes for a refused commit',
    needs: ['watch'],
    async check(t) {
      const [store, other] = await t.pair();
      const commits = new Commits();
      for (let n = 0; n < 2; n++) await store.persist(DOC, 'e7', {}, { n });
      commits.note('e7', false, DOC, 2);
      const seen = new Hints(t, other);
      const unsubscribe = await store.watch((hint) => seen.take(hint));
      const taken = [
        t.refused(store.commit([write('e7', { n: 3 }, 1)]), 'STORE_CONFLICT', 'a stale commit'),
        t.refused(store.commit([write('absent', null, 1)]), 'STORE_CONFLICT', 'a stale removal'),
        t.refused(store.persist(DOC, 'e7', {}, { n: NaN }), 'STORE_INVALID_STATE', 'NaN'),
        store.commit([write('gone', null)]),
      ];
      if (store.capabilities.atomic === 'multi') {
        const stale = store.commit([write('other', {}), write('e7', {}, 1), write('e7-too', {})]);
        taken.push(t.refused(stale, 'STORE_CONFLICT', 'a commit with one stale write'));
      }
      await Promise.all(taken);
      if (store.capabilities.idempotency) {
        for (let n = 0; n < 2; n++) await store.commit([write('event', {})], { eventId: 'e' });
        commits.note('event');
      }
      await store.persist(DOC, 'end', {}, {});
      commits.note('end');
      await seen.expectNewest('end', 1, false);
      for (let i = 0; i < 5; i++) await turn();
      // A hint may come late, or again: only those of what was refused are wrong.
      seen.expectOnly(commits, EARLY);
      await unsubscribe();
    },
  },
  {
    id: 'E8',
    title: 'a listener that throws, rejects or calls the store harms nobody',
    needs: ['watch'],
    async check(t) {
      const [store, other] = await t.pair();
      const seen = new Hints(t, other);
      let thrown = 0;
      const throwing = (): never => {
        thrown++;
        const error = new Error('a listener of the conformance suite throws on purpose');
        error.stack = error.message; // Stores may log it.
        throw error;
      };
      const unsubscribes = [
        await store.watch(throwing),
        await store.watch((hint) => seen.take(hint)),
        await store.watch(throwing),
      ];
      for (let n = 1; n <= 3; n++) {
        const result = await store.commit([write('e8', { n }, n - 1)]);
        expectSame(
          result,
          { status: 'committed', revs: [n] },
          'the result of a commit while a listener throws',
          'The listener runs inside the commit.',
        );
        await seen.expectNewest('e8', n, false);
      }
      await t.eventually('the listener that throws must get its hints', () => thrown >= 2);
      expectThat(thrown >= 2, 'the listener that throws must get its hints');
      for (const unsubscribe of unsubscribes) await unsubscribe();
      await t.expectLoad(other, 'e8', { n: 3 });
      await expectHarmlessListeners(t, store, other);
      await expectAnythingThrown(t, store);
      await expectAnswersWithinHint(t, store, other);
      await expectEndWithinHint(t, store);
      await expectWatchWithinHint(t, store);
      for (const bad of [null, undefined, {}, 'f']) {
        await t.refused(store.watch(bad as never), 'STORE_INVALID_ARGUMENT', 'watch of what is no function');
      }
    },
  },
  {
    id: 'E9',
    title: 'hints go from handle to handle, and between processes where `watch` says so',
    needs: ['watch'],
    async check(t) {
      const [store, other] = await t.pair();
      const third = await t.open();
      const seen = [new Hints(t, other), new Hints(t, store)] as const;
      const unsubscribes = [
        await store.watch((hint) => seen[0].take(hint)),
        await third.watch((hint) => seen[1].take(hint)),
      ];
      const newest = new Map<string, number>();
      const commits = new Commits();
      for (let n = 0; n < 30; n++) {
        const id = `e9-${n % 4}`;
        const removed = n % 7 === 6;
        const writer = t.random.pick([store, other, other]);
        const [rev = 0] = (await writer.commit([write(id, removed ? null : { n }, undefined, LIST)])).revs;
        newest.set(id, rev);
        if (rev > 0) commits.note(id, removed, LIST);
        if (n % 5 === 0) for (const hints of seen) await hints.expectNewest(id, rev, removed);
      }
      for (const hints of seen) {
        for (const [id, rev] of newest) await hints.expectReached(id, rev);
        await hints.expectSound(commits);
      }
      for (const unsubscribe of unsubscribes) await unsubscribe();
      await expectHintsOfSeveral(t, store, other);
      const reaches = ['host', 'cluster'].includes(store.capabilities.watch);
      if (!reaches || t.target.durable !== true) return;
      if (t.target.module === undefined) t.lacks = 'module';
      else await expectAcross(t, store);
    },
  },
];

/** Where `watch` reaches other processes, hints come from there, and go there. */
async function expectAcross(t: RuleContext, here: Subject): Promise<void> {
  const there = await t.openIn(await t.process());
  for (const [watcher, writer, name] of [
    [here, there, 'here'],
    [there, here, 'there'],
  ] as const) {
    const hints = new Hints(t, watcher);
    const unsubscribe = await watcher.watch((hint) => hints.take(hint));
    for (let n = 1; n <= 3; n++) {
      const [rev = 0] = (await writer.commit([write(name, { n })])).revs;
      await hints.expectNewest(name, rev, false);
    }
    const [rev = 0] = (await writer.commit([write(name, null)])).revs;
    await hints.expectNewest(name, rev, true);
    const commits = new Commits();
    commits.note(name, false, DOC, 3);
    commits.note(name, true);
    hints.all = hints.all.filter(({ id }) => id === name); // Earlier ones may come again.
    await hints.expectSound(commits);
    await unsubscribe();
  }
}

/** Each way of writing has its hint. */
async function expectHintOfEachCommit(store: Subject, seen: Hints): Promise<Commits> {
  const commits = new Commits();
  await store.persist(DOC, 'p', {}, {});
  commits.note('p');
  await store.commit([write('c', { n: 1 }, 0)]);
  await store.commit([write('c', { n: 2 }, 1)]);
  commits.note('c', false, DOC, 2);
  await seen.expectNewest('c', 2, false);
  await seen.expectNewest('p', 1, false);
  await store.commit([write('c', null)]);
  commits.note('c', true);
  await seen.expectNewest('c', 3, true);
  await store.commit([write('c', null)]);
  await store.commit([write('c', { n: 4 })]);
  commits.note('c');
  await seen.expectNewest('c', 4, false);
  if (typeof store.raw.remove === 'function') {
    await store.remove(DOC, 'p');
    commits.note('p', true);
    await seen.expectNewest('p', 2, true);
  }
  const hundred = Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? 'many' : 'p'));
  await Promise.all(hundred.map((id, n) => store.persist(DOC, id, {}, { n })));
  for (const id of hundred) commits.note(id);
  await seen.expectNewest('many', 50, false);
  if (store.capabilities.atomic !== 'multi') return commits;
  await store.commit([write('m1', {}), write('m2', {}), write('many', null)]);
  for (const id of ['m1', 'm2', 'many']) commits.note(id, id === 'many');
  await seen.expectNewest('m1', 1, false);
  await seen.expectNewest('m2', 1, false);
  await seen.expectNewest('many', 51, true);
  return commits;
}

async function expectQuiet(
  t: RuleContext,
  store: Subject,
  unsubscribe: () => Promise<void>,
  seen: Hints,
): Promise<void> {
  const barrier = new Hints(t, await t.open());
  const unsubscribeBarrier = await store.watch((hint) => barrier.take(hint));
  await unsubscribe();
  await unsubscribe();
  seen.clear();
  await store.persist(DOC, 'quiet', {}, {});
  await barrier.expectNewest('quiet', 1, false);
  for (let i = 0; i < 5; i++) await turn();
  expectSame(
    seen.all,
    [],
    'the hints that come after unsubscribing',
    'Unsubscribing removes nothing, or another listener.',
  );
  await unsubscribeBarrier();
}
