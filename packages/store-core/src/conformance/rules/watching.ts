import type { Hint } from '../../store';
import { exactText } from '../exact-text';
import { expectSame, expectThat, fail } from '../expect';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import { expected, type Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { turn } from '../turns';
import {
  expectHintsAfterCloseOfAnother,
  expectHintsOfLongIds,
  expectHintsOfMany,
  expectManyListeners,
  expectNoHintsAfterClose,
} from './hint-checks';
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

const LOST = 'Hints are sent for some ways of writing only, or are dropped when there are many.';
const EARLY =
  'Either the hint is sent before the commit, or also when it fails, or hints are merged with what they are not about.';

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
      await store.persist(DOC, 'p', {}, {});
      await seen.expectNewest('p', 1, false);
      await store.commit([write('c', { n: 1 }, 0)]);
      await store.commit([write('c', { n: 2 }, 1)]);
      await seen.expectNewest('c', 2, false);
      await store.commit([write('c', null)]);
      await seen.expectNewest('c', 3, true);
      await store.commit([write('c', null)]);
      await store.commit([write('c', { n: 4 })]);
      await seen.expectNewest('c', 4, false);
      if (typeof store.raw.remove === 'function') {
        await store.remove(DOC, 'p');
        await seen.expectNewest('p', 2, true);
      }
      await Promise.all(
        Array.from({ length: 100 }, (_, n) => store.persist(DOC, n % 2 === 0 ? 'many' : 'p', {}, { n })),
      );
      await seen.expectNewest('many', 50, false);
      if (store.capabilities.atomic === 'multi') {
        await store.commit([write('m1', {}), write('m2', {}), write('many', null)]);
        for (const [id, rev] of [
          ['m1', 1],
          ['m2', 1],
          ['many', 51],
        ] as const)
          await seen.expectNewest(id, rev, id === 'many');
      }
      await seen.expectSound();
      await expectQuiet(t, store, unsubscribe, seen);
      await expectSubscriptions(t, store, other);
      await expectNoLateHints(store, other);
      await expectHintsAfterPause(t, store);
      await expectHintsOfMany(t, store, other);
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
      for (let n = 0; n < 2; n++) await store.persist(DOC, 'e7', {}, { n });
      const seen = new Hints(t, other);
      const unsubscribe = await store.watch((hint) => seen.take(hint));
      await store.persist(DOC, 'start', {}, {});
      await seen.expectNewest('start', 1, false);
      seen.clear();
      await t.refused(store.commit([write('e7', { n: 3 }, 1)]), 'STORE_CONFLICT', 'a stale commit');
      await t.refused(store.commit([write('absent', null, 1)]), 'STORE_CONFLICT', 'a stale removal');
      await t.refused(store.persist(DOC, 'e7', {}, { n: NaN }), 'STORE_INVALID_STATE', 'NaN');
      await store.commit([write('absent', null)]);
      if (store.capabilities.idempotency) {
        await store.commit([write('start', {})], { eventId: 'e' });
        await seen.expectNewest('start', 2, false);
        seen.clear();
        await store.commit([write('start', {})], { eventId: 'e' });
      }
      if (store.capabilities.atomic === 'multi') {
        await t.refused(
          store.commit([write('other', {}), write('e7', {}, 1)]),
          'STORE_CONFLICT',
          'a commit with one stale write',
        );
      }
      await store.persist(DOC, 'end', {}, {});
      await seen.expectNewest('end', 1, false);
      for (let i = 0; i < 5; i++) await turn();
      const others = seen.all.filter(({ id }) => id !== 'end');
      expectSame(others, [], 'the hints of commits that changed nothing', EARLY);
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
      for (let n = 0; n < 30; n++) {
        const id = `e9-${n % 4}`;
        const removed = n % 7 === 6;
        const writer = t.random.pick([store, other, other]);
        const [rev = 0] = (await writer.commit([write(id, removed ? null : { n }, undefined, LIST)])).revs;
        newest.set(id, rev);
        if (n % 5 === 0) for (const hints of seen) await hints.expectNewest(id, rev, removed);
      }
      for (const hints of seen) {
        for (const [id, rev] of newest) await hints.expectReached(id, rev);
        await hints.expectSound(LIST);
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
    await hints.expectSound();
    await unsubscribe();
  }
}

/** The hints that one listener got. */
class Hints {
  all: Hint[] = [];
  readonly #checks: Promise<string | undefined>[] = [];

  /** @param witness another handle, which must see at least what a hint says. */
  constructor(
    private readonly t: RuleContext,
    private readonly witness: Subject,
  ) {}

  take(hint: Hint): void {
    const { type, id, rev, removed } = hint;
    this.all.push({ type, id, rev, removed });
    // It may be rejected before anyone asks, or when nobody will.
    this.#checks.push(expected(this.#check(hint)));
  }

  clear(): void {
    this.all = [];
  }

  /** The newest hint of an instance must come, and say this. */
  async expectNewest(id: string, rev: number, removed: boolean): Promise<void> {
    await this.expectReached(id, rev);
    const newest = this.#newest(id);
    expectSame(
      [newest?.rev, newest?.removed],
      [rev, removed],
      `rev and \`removed\` of the newest hint of ${id}`,
      EARLY,
    );
  }

  async expectReached(id: string, rev: number): Promise<void> {
    const details = () => ({
      got: exactText(this.all.filter((hint) => hint.id === id).slice(-4)),
      cause: LOST,
    });
    await this.t.eventually(
      `a hint of ${id} at rev ${rev} must come`,
      () => (this.#newest(id)?.rev ?? 0) >= rev,
      details,
    );
  }

  /** Every hint came after its commit, and has a type that was written. */
  async expectSound(type: string = DOC): Promise<void> {
    const stray = this.all.find(
      (hint) => hint.type !== type || !Number.isSafeInteger(hint.rev) || hint.rev < 1,
    );
    expectThat(stray === undefined, 'a hint must name a commit', { got: exactText(stray) });
    const flaw = (await Promise.all(this.#checks)).find((each) => each !== undefined);
    if (flaw !== undefined) fail('a hint must follow its commit', { got: flaw, cause: EARLY });
  }

  #newest(id: string): Hint | undefined {
    return this.all.filter((hint) => hint.id === id).sort((a, b) => b.rev - a.rev)[0];
  }

  /** Asked at the moment of the hint: an answer from before the commit is a flaw. */
  async #check({ type, id, rev, removed }: Hint): Promise<string | undefined> {
    const loaded = await this.witness.loadVersioned(type, id);
    if (loaded === null || removed) return undefined;
    return loaded.rev < rev ? `a hint at rev ${rev}, while the instance is at rev ${loaded.rev}` : undefined;
  }
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
