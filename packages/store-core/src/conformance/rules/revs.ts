import type { Write } from '../../store';
import { expectSame, expectThat, fail } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { expectExactRevs } from './conflict-places';
import { casHistoryRule } from './histories';
import { inBatches } from './in-batches';
import { MALFORMED_REVS } from './removal-checks';
import {
  expectEpochs,
  expectLastingEpoch,
  expectManyRevs,
  expectNoUnknownProperties,
  expectOthersGoOn,
  expectPlainRevs,
  expectRevsOfRemoved,
  expectUndefinedIsAbsent,
  NEARLY_REVS,
} from './rev-checks';
import { revCommandRule } from './rev-commands';
import { ticks, turn } from '../turns';
import { write } from './write';

const CHECK_THEN_ACT =
  'Either the rev is compared in one step and the state written in another, or a commit is made twice: blindly retried, or left in an open transaction.';

/** Group R: the version of an instance. */
export const revRules: readonly Rule[] = [
  {
    id: 'R1',
    title: 'an instance starts at rev 1, what is absent is null, and each database has its epoch',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      expectSame(await store.loadVersioned(DOC, 'r1'), null, 'loadVersioned of what was never written');
      const state = { text: 'x', nested: { z: 1, a: 2 } };
      await store.persist(DOC, 'r1', state, state);
      const result = await store.commit([
        write('r1-commit', { id: 'l', items: [{ id: 'a' }] }, undefined, LIST),
      ]);
      expectPlainRevs(result.revs, 'the revs of a first commit');
      expectSame(result, { status: 'committed', revs: [1] }, 'the result of a first commit');
      const states = [
        [DOC, 'r1', state],
        [LIST, 'r1-commit', { id: 'l', items: [{ id: 'a' }] }],
      ] as const;
      const looks = [store, other].flatMap((handle) =>
        states.map(async ([type, id, want]) => {
          const loaded = await handle.loadVersioned(type, id);
          expectPlainRevs([loaded?.rev], 'the rev that loadVersioned gives');
          expectSame(loaded?.state, want, 'the state that loadVersioned gives');
          expectSame(
            loaded?.rev,
            1,
            'the rev of a new instance',
            'Revs are counted for all instances together, or start at 0.',
          );
          return loaded?.epoch;
        }),
      );
      const epochs = new Set(await Promise.all(looks));
      const [epoch] = epochs;
      expectThat(
        epochs.size === 1 && typeof epoch === 'string' && epoch !== '',
        'the epoch must be one non-empty string for all of a database',
        { got: preview([...epochs]), cause: 'The epoch is made for each handle, not for each database.' },
      );
      await expectEpochs(t);
    },
  },
  {
    id: 'R2',
    title: 'a matching ifRev succeeds and adds one',
    needs: ['capabilities'],
    async check(t) {
      const handles = await t.pair();
      for (let rev = 0; rev < 8; rev++) {
        const writer = handles[rev % 2] as Subject;
        const { status, revs } = await writer.commit([write('r2', { rev }, rev)]);
        expectSame([status, revs], ['committed', [rev + 1]], `the result of a commit with ifRev ${rev}`);
        for (const loaded of await Promise.all(handles.map((handle) => handle.loadVersioned(DOC, 'r2'))))
          expectSame([loaded?.rev, loaded?.state], [rev + 1, { rev }], 'loadVersioned after a commit');
      }
      await expectUndefinedIsAbsent(...handles);
    },
  },
  {
    id: 'R3',
    title: 'a stale ifRev rejects with STORE_CONFLICT, expected and actual',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      await expectExactRevs(t, store, other);
    },
  },
  {
    id: 'R4',
    title: 'a conflict changes nothing, and neither refuses other calls nor takes their answers',
    needs: ['capabilities'],
    async check(t) {
      const handles = await t.pair();
      const [store, other] = handles;
      const state = { id: 'l', items: [{ id: 'a', title: 'kept' }] };
      const stale = { id: 'l', items: [{ id: 'b', title: 'stale' }] };
      for (let i = 0; i < 2; i++) await store.persist(LIST, 'r4', {}, state);
      for (const [id, full, ifRev] of [
        ['r4', stale, 1],
        ['r4', null, 1],
        ['r4', stale, 0],
        ['absent', stale, 3],
        ['absent', null, 3],
      ] as const) {
        await t.refused(other.commit([write(id, full, ifRev, LIST)]), 'STORE_CONFLICT', 'a stale commit');
        const looks = [store, other].map(async (handle) => {
          const [loaded, absent] = await Promise.all(
            ['r4', 'absent'].map((each) => handle.loadVersioned(LIST, each)),
          );
          expectSame(
            [loaded?.rev, loaded?.state],
            [2, state],
            'loadVersioned after a conflict',
            'The state or the rev is written before ifRev is compared.',
          );
          expectSame(absent, null, 'loadVersioned of what is absent, after a conflict');
        });
        await Promise.all(looks);
      }
      await expectOthersGoOn(t, ...handles);
    },
  },
  {
    id: 'R5',
    title: 'of many that create one instance with ifRev 0, one wins',
    needs: ['capabilities'],
    async check(t) {
      const handles = await t.pair();
      await Promise.all(Array.from({ length: 9 }, (_, round) => expectOneCreator(t, handles, round)));
    },
  },
  {
    id: 'R6',
    title: 'a counter kept by compare-and-swap ends at the number of acknowledgements',
    needs: ['capabilities'],
    async check(t) {
      const handles = await t.pair();
      await Promise.all([0, 1, 2, 3].map((n) => expectCounter(t, handles, `r6-${n}`)));
    },
  },
  {
    id: 'R7',
    title: 'equal content still adds one',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      const state = { id: 'l', items: [{ id: 'a' }] };
      for (let rev = 0; rev < 4; rev++) {
        const { revs } = await store.commit([write('r7', state, rev, LIST)]);
        expectSame(
          revs,
          [rev + 1],
          'the revs of a commit of equal content',
          'Writes without a change are left out.',
        );
      }
      await store.persist(LIST, 'r7', {}, state);
      await store.persist(LIST, 'r7', {}, { items: state.items, id: 'l' });
      expectSame(
        (await other.loadVersioned(LIST, 'r7'))?.rev,
        6,
        'the rev after persists of equal content',
        'Writes without a change are left out.',
      );
    },
  },
  {
    id: 'R8',
    title: 'no rev comes back after a removal',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      const used = new Set<number>();
      const cause = 'The rev is forgotten with the state: keep it when an instance is removed.';
      for (let cycle = 0; cycle < 4; cycle++) {
        for (const full of [{ cycle }, { cycle, more: true }, null]) {
          const [rev = 0] = (await store.commit([write('r8', full)])).revs;
          expectThat(rev > 0 && !used.has(rev), 'a rev must never be used twice', {
            got: `rev ${rev} again`,
            cause,
          });
          used.add(rev);
        }
        const stale = Math.max(...used) - 2;
        await t.refused(
          other.commit([write('r8', { stale: true }, stale)]),
          'STORE_CONFLICT',
          'the rev of a removed instance',
          cause,
        );
        const [first = 0] = (await other.commit([write('r8', { again: true }, 0)])).revs;
        used.add(first);
        await t.refused(
          store.commit([write('r8', { stale: true }, stale)]),
          'STORE_CONFLICT',
          'a rev from before the removal',
          cause,
        );
      }
      await Promise.all([expectRevsOfRemoved(store, other), expectLastingEpoch(t)]);
    },
  },
  {
    id: 'R9',
    title: 'a malformed ifRev, and a property that is none, are refused',
    needs: ['capabilities'],
    async check(t) {
      const store = await t.open();
      await store.persist(DOC, 'r9', {}, { n: 1 });
      await inBatches([...MALFORMED_REVS, ...NEARLY_REVS], async (ifRev) => {
        const what = `ifRev ${preview(ifRev)}`;
        const writes = [{ ...write('r9', { n: 2 }), ifRev: ifRev as number }];
        await t.refused(store.commit(writes), 'STORE_INVALID_ARGUMENT', what);
        const absent = [{ ...write('r9-absent', { n: 2 }), ifRev: ifRev as number }];
        await t.refused(store.commit(absent), 'STORE_INVALID_ARGUMENT', `${what} for what is absent`);
      });
      await expectNoUnknownProperties(t, store);
      await t.expectLoad(store, 'r9', { n: 1 });
      await t.expectLoad(store, 'r9-absent', null);
    },
  },
  {
    id: 'R10',
    title: 'revs and the epoch outlive closing and opening',
    needs: ['capabilities', 'durable'],
    async check(t) {
      const store = await t.open();
      for (let n = 0; n < 3; n++) await store.persist(DOC, 'r10', {}, { n });
      for (const full of [{ n: 1 }, { n: 2 }, null]) await store.commit([write('r10-removed', full)]);
      const before = await store.loadVersioned(DOC, 'r10');
      await t.closeAll();
      const again = await t.open();
      expectSame(await again.loadVersioned(DOC, 'r10'), before, 'loadVersioned after closing and opening');
      expectSame(
        (await again.commit([write('r10', { n: 4 }, 3)])).revs,
        [4],
        'the revs of a commit after closing and opening',
      );
      expectSame(
        (await again.commit([write('r10-removed', { n: 3 }, 0)])).revs,
        [4],
        'the rev of an instance that was removed before closing',
        'The rev is forgotten with the state.',
      );
    },
  },
  {
    id: 'R11',
    title: 'a blind persist adds one',
    needs: ['capabilities'],
    async check(t) {
      const handles = await t.pair();
      for (let rev = 1; rev <= 6; rev++) {
        const writer = handles[rev % 2] as Subject;
        if (rev % 3 === 0)
          expectSame(
            (await writer.commit([write('r11', { rev })])).revs,
            [rev],
            'the revs of a commit without ifRev',
          );
        else await writer.persist(DOC, 'r11', {}, { rev });
        for (const loaded of await Promise.all(handles.map((handle) => handle.loadVersioned(DOC, 'r11'))))
          expectSame(loaded?.rev, rev, `the rev after ${rev} blind writes`);
      }
      await expectManyRevs(t, ...handles);
    },
  },
  casHistoryRule,
  revCommandRule,
  {
    id: 'R14',
    title: 'the result has the revs taken; removing what is absent takes none',
    needs: ['capabilities'],
    async check(t) {
      const [store, other] = await t.pair();
      const revs = async (full: object | null, ifRev?: number): Promise<number[]> =>
        (await store.commit([write('r14', full, ifRev)])).revs;
      expectSame(await revs(null), [0], 'the revs of removing what was never there');
      expectSame(await revs(null, 0), [0], 'the revs of removing what was never there, with ifRev 0');
      expectSame(await revs({ n: 1 }, 0), [1], 'the revs of a creation after that');
      expectSame(
        await revs(null, 1),
        [2],
        'the revs of a removal',
        'A removal takes a rev like any other write.',
      );
      expectSame(await revs(null), [0], 'the revs of removing what is removed');
      const error = await t.refused(
        other.commit([write('r14', { n: 2 }, 2)]),
        'STORE_CONFLICT',
        'a commit with the rev of the removal',
      );
      expectSame((error as { actual?: unknown }).actual, 0, '`actual` for a removed instance');
      expectSame(await revs({ n: 3 }, 0), [3], 'the revs of a creation after a removal');
      const conflict = await t.refused(
        other.commit([write('r14', null, 2)]),
        'STORE_CONFLICT',
        'a removal with a stale ifRev',
      );
      expectSame((conflict as { actual?: unknown }).actual, 3, '`actual` for a live instance');
    },
  },
];

/** Of ten creations one wins: of what never was, and of what was removed (rule R5). */
async function expectOneCreator(
  t: RuleContext,
  handles: readonly [Subject, Subject],
  round: number,
): Promise<void> {
  const id = `r5-${round}`;
  const before = round % 3 === 0 ? [] : [{}, null];
  for (const full of before) await handles[0].commit([write(id, full)]);
  const results = await race(t, handles, 10, (n) => [write(id, { n }, 0)]);
  const winners = results.filter(({ won }) => won).map(({ n }) => n);
  expectThat(winners.length === 1, 'one of ten creations with ifRev 0 must win', {
    got: `${winners.length} won`,
    cause: CHECK_THEN_ACT,
  });
  const loaded = await handles[0].loadVersioned(DOC, id);
  const want = [before.length + 1, { n: winners[0] }];
  expectSame([loaded?.rev, loaded?.state], want, 'what the winner has written');
}

/** What counts acknowledgements of compare-and-swap ends at their number (rule R6). */
async function expectCounter(
  t: RuleContext,
  handles: readonly [Subject, Subject],
  id: string,
): Promise<void> {
  await handles[0].persist(DOC, id, {}, { count: 0 });
  const increment = async (store: Subject): Promise<void> => {
    for (let tries = 1; tries <= 500; tries++) {
      // A store that never lets it through must not hold the event loop.
      if (tries % 20 === 0) await turn();
      const { state, rev } = (await store.loadVersioned(DOC, id))!;
      const error = await rejection(store.commit([write(id, { count: Number(state.count) + 1 }, rev)]));
      if (error === undefined) return;
      t.checkCode(error.value, ['STORE_CONFLICT', 'STORE_BUSY'], 'an increment');
    }
    fail('an increment must come to its end', { got: 'refused 500 times, each after a fresh load' });
  };
  const client = async (_: unknown, i: number): Promise<void> => {
    for (let n = 0; n < 4; n++) await increment(handles[i % 2] as Subject);
  };
  await Promise.all(Array.from({ length: 5 }, client));
  const loaded = await handles[1].loadVersioned(DOC, id);
  expectSame(loaded?.state, { count: 20 }, 'the counter after 20 acknowledged increments', CHECK_THEN_ACT);
  expectSame(loaded?.rev, 21, 'the rev after 20 acknowledged increments');
}

/** Race `count` commits from both handles. @returns who won; others must have a conflict. */
async function race(
  t: RuleContext,
  handles: readonly [Subject, Subject],
  count: number,
  writes: (n: number) => Write[],
): Promise<{ n: number; won: boolean }[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      await ticks(n % 4);
      const error = await rejection((handles[n % 2] as Subject).commit(writes(n)));
      if (error !== undefined) t.checkCode(error.value, ['STORE_CONFLICT'], 'losing a race');
      return { n, won: error === undefined };
    }),
  );
}
