import { describeError } from '../describe-error';
import { expectSame, expectThat, fail } from '../expect';
import type { Rule } from '../rule';
import { rejection, type Fault, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { pause } from '../turns';
import { expectNothingStale } from './after-failures';
import { ALL_CODES } from './all-codes';
import { expectDisposed, planOf } from './closing-checks';
import { corruptionRules } from './corruption';
import { failingWriteRules } from './failing-writes';
import { expectNoBlindCreation } from './rev-checks';
import { write } from './write';

const SWALLOWED = 'The error is caught, and read as absence.';

/** Group F: the storage fails. */
export const faultRules: readonly Rule[] = [
  ...corruptionRules,
  {
    id: 'F3',
    title: 'without room, a write is refused and the earlier state is intact',
    needs: ['faults.full'],
    async check(t) {
      const before = await prepare(t, 'f3');
      const end = await t.fault('full');
      const store = await t.open();
      const big = {
        id: 'l',
        items: Array.from({ length: 150 }, (_, i) => ({ id: `i${i}`, title: 'x'.repeat(10_000) })),
      };
      await t.refused(store.persist(LIST, 'f3', {}, big), 'STORE_FULL', 'a write of 1.5 MB without room');
      await t.refused(store.persist(LIST, 'f3-new', {}, big), 'STORE_FULL', 'a write of 1.5 MB without room');
      await t.expectLoad(store, 'f3', before, { type: LIST, what: 'the earlier state, without room' });
      await t.close(store);
      await end();
      const again = await t.open();
      await t.expectLoad(again, 'f3', before, { type: LIST, what: 'the earlier state, with room again' });
      await t.expectLoad(again, 'f3-new', null, { type: LIST, what: 'load of what there was no room for' });
      await again.persist(LIST, 'f3', {}, big);
      await t.expectLoad(again, 'f3', big, { type: LIST, what: 'load after a persist with room again' });
    },
  },
  ...failingWriteRules,
  {
    id: 'F5',
    title: 'a read that fails is not null',
    needs: ['faults.failRead'],
    async check(t) {
      const before = await prepare(t, 'f5');
      const end = await t.fault('failRead');
      const store = await t.open();
      await t.refused(store.load(LIST, 'f5'), ALL_CODES, 'a load while reads fail', SWALLOWED);
      if (t.capabilities !== undefined) {
        await t.refused(
          store.loadVersioned(LIST, 'f5'),
          ALL_CODES,
          'loadVersioned while reads fail',
          SWALLOWED,
        );
        await expectNoBlindCreation(t, store, 'f5', LIST);
      }
      if (typeof store.raw.list === 'function') {
        await t.refused(store.list(LIST), ALL_CODES, 'list while reads fail', SWALLOWED);
      }
      await end();
      await t.expectLoad(await t.open(), 'f5', before, { type: LIST, what: 'load when reads work again' });
      await expectNothingStale(t);
    },
  },
  {
    id: 'F7',
    title: 'a lock that is held ends in STORE_BUSY, and does not stall the event loop',
    needs: ['faults.lock'],
    patience: 2,
    async check(t) {
      for (const id of ['f7-b', 'f7-f']) await prepare(t, id);
      const before = await prepare(t, 'f7');
      const store = await t.open();
      await t.expectLoad(store, 'f7', before, { type: LIST });
      const end = await t.fault('lock');
      const writings = writesOfAllKinds(store);
      const stall = await longestStall(Promise.allSettled(Object.values(writings)), t.timeout * 2);
      for (const [name, writing] of Object.entries(writings))
        await t.refused(writing, 'STORE_BUSY', `${name} while the lock is held`);
      expectThat(stall < 500, 'the event loop must go on while a write waits for the lock', {
        got: `it stood still for ${Math.round(stall)} ms`,
        cause: 'The driver waits synchronously (busy_timeout): wait between tries.',
      });
      await end();
      for (const id of ['f7', 'f7-b', 'f7-f'])
        await t.expectLoad(store, id, before, { type: LIST, what: 'the earlier state after the lock' });
      for (const id of ['f7-a', 'f7-d'])
        await t.expectLoad(store, id, null, { type: LIST, what: 'load of what was refused under the lock' });
      await store.persist(LIST, 'f7', {}, { id: 'l', items: [{ id: 'after' }] });
      await t.expectLoad(
        store,
        'f7',
        { id: 'l', items: [{ id: 'after' }] },
        { type: LIST, what: 'load after the lock' },
      );
    },
  },
  {
    id: 'F8',
    title: 'storage that is read-only can be loaded, and refuses writes',
    needs: ['faults.readonly'],
    async check(t) {
      const before = await prepare(t, 'f8');
      const end = await t.fault('readonly');
      const store = await t.open();
      await t.expectLoad(store, 'f8', before, { type: LIST, what: 'load from read-only storage' });
      await t.expectLoad(store, 'never', null, {
        type: LIST,
        what: 'load of what is absent, from read-only storage',
      });
      await t.refused(store.persist(LIST, 'f8', {}, {}), 'STORE_READONLY', 'persist to read-only storage');
      await t.refused(
        store.persist('NewType', 'f8', {}, {}),
        'STORE_READONLY',
        'a first persist of a type to read-only storage',
      );
      if (t.capabilities !== undefined) {
        expectSame(
          (await store.loadVersioned(LIST, 'f8'))?.state,
          before,
          'loadVersioned from read-only storage',
        );
        await t.refused(
          store.commit([write('f8', {}, undefined, LIST)]),
          'STORE_READONLY',
          'commit to read-only storage',
        );
      }
      if (typeof store.raw.remove === 'function') {
        await t.refused(store.remove(LIST, 'f8'), 'STORE_READONLY', 'remove from read-only storage');
      }
      if (typeof store.raw.list === 'function')
        expectSame(await store.list(LIST), ['f8'], 'list of read-only storage');
      await t.close(store);
      await end();
      await t.expectLoad(await t.open(), 'f8', before, {
        type: LIST,
        what: 'load when it can be written again',
      });
    },
  },
  {
    id: 'F9',
    title: 'a closed store refuses every call',
    needs: ['capabilities', 'close'],
    async check(t) {
      for (const used of [true, false]) {
        const store = await t.open();
        if (used) await store.persist(DOC, 'f9', {}, {});
        await t.close(store);
        const calls: [string, Promise<unknown>][] = [
          ['load', store.load(DOC, 'f9')],
          ['persist', store.persist(DOC, 'f9', {}, {})],
          ['loadVersioned', store.loadVersioned(DOC, 'f9')],
          ['commit', store.commit([write('f9', {})])],
          ['commit of nothing', store.commit([])],
        ];
        if (typeof store.raw.remove === 'function') calls.push(['remove', store.remove(DOC, 'f9')]);
        if (typeof store.raw.list === 'function') calls.push(['list', store.list(DOC)]);
        if (store.capabilities.watch !== 'none') calls.push(['watch', store.watch(() => undefined)]);
        const plan = planOf(store);
        if (plan !== undefined) calls.push(['plan', plan([write('f9', {})])]);
        for (const [name, call] of calls) await t.refused(call, 'STORE_CLOSED', `${name} after close`);
      }
      await expectDisposed(t);
    },
  },
  {
    id: 'F10',
    title: 'errors have a known code and a cause, and no state in the message',
    needs: ['capabilities', 'faults'],
    async check(t) {
      const faults: [string, Fault][] = [
        ['full storage', ['full']],
        ['read-only storage', ['readonly']],
        ['failing writes', ['failWrite', 1, 'forever']],
        ['failing reads', ['failRead']],
      ];
      await prepare(t, SECRET_ID);
      for (const [what, fault] of faults) {
        const [name] = fault;
        if (t.target.faults?.[name] === undefined) continue;
        const end = await t.fault(...fault);
        const store = await t.open();
        const call =
          name === 'failRead'
            ? store.load(LIST, SECRET_ID)
            : store.persist(LIST, SECRET_ID, {}, secretState());
        expectDiscreet(await t.refused(call, ALL_CODES, what), what, name !== 'readonly');
        await t.close(store);
        await end();
      }
      const store = await t.open();
      const stale = store.commit([write(SECRET_ID, secretState(), 99, LIST)]);
      expectDiscreet(await t.refused(stale, 'STORE_CONFLICT', 'a conflict'), 'a conflict', false);
      const invalid = store.persist(LIST, SECRET_ID, {}, { ...secretState(), bad: NaN });
      expectDiscreet(await t.refused(invalid, 'STORE_INVALID_STATE', 'NaN'), 'NaN', false);
      const key = store.load(LIST, `${SECRET_ID}\ud800`);
      expectDiscreet(
        await t.refused(key, 'STORE_INVALID_KEY', 'a lone surrogate'),
        'a lone surrogate',
        false,
      );
    },
  },
  {
    id: 'F11',
    title: 'storage that a newer version has written is refused',
    needs: ['faults.newerFormat'],
    async check(t) {
      await prepare(t, 'f11');
      const before = await t.open();
      await t.close(before);
      await t.target.faults!.newerFormat!(await t.world());
      for (const [name, use] of Object.entries(firstCalls(before.raw))) {
        const call = t.open().then(use);
        await t.refused(
          call,
          'STORE_SCHEMA',
          `${name} as the first call to storage of a newer format`,
          SWALLOWED,
        );
      }
    },
  },
];

const SECRET_ID = 'secret-id-4711';
const SECRET = 'secret-state-0815';

function secretState(): object {
  return { id: SECRET, title: SECRET, items: [{ id: SECRET, title: SECRET.repeat(100_000) }] };
}

/** Write one instance, and close all handles. */
async function prepare(t: RuleContext, id: string): Promise<object> {
  const state = {
    id: 'l',
    title: 'before',
    items: [
      { id: '1', title: 'one' },
      { id: '2', title: 'two' },
    ],
  };
  const store = await t.open();
  await store.persist(LIST, id, state, state);
  await t.close(store);
  return state;
}

function expectDiscreet(error: unknown, what: string, native: boolean): void {
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  expectThat(typeof message === 'string' && message !== '', `the error of ${what} must have a message`);
  if (String(message).includes(SECRET) || String(message).includes(SECRET_ID)) {
    fail(`the message of ${what} must hold no id and no state`, {
      got: describeError(error),
      cause: 'The message of the driver is passed on: it belongs into `cause`.',
    });
  }
  expectThat(
    !native || cause !== undefined,
    `the error of ${what} must have the native error as its \`cause\``,
  );
}

/** Each way to write, at once, each of an instance of its own. */
function writesOfAllKinds(store: Subject): Record<string, Promise<unknown>> {
  const full = { id: 'l', items: [] };
  const { capabilities, remove } = store.raw;
  return {
    persist: store.persist(LIST, 'f7', {}, full),
    ...(capabilities && { 'commit with an ifRev': store.commit([write('f7-a', full, 0, LIST)]) }),
    ...(capabilities && { 'commit of a removal': store.commit([write('f7-b', null, 1, LIST)]) }),
    ...(capabilities?.idempotency && {
      'commit with an eventId': store.commit([write('f7-c', full)], { eventId: 'f7' }),
    }),
    ...(capabilities?.atomic === 'multi' && {
      'commit of two': store.commit([write('f7-d', full, undefined, LIST), write('f7-e', full)]),
    }),
    ...(remove && { remove: store.remove(LIST, 'f7-f') }),
  };
}

/** What may be the first call of a handle, of all that the store has. */
function firstCalls({
  capabilities,
  list,
  remove,
}: Subject['raw']): Record<string, (store: Subject) => Promise<unknown>> {
  return {
    load: (store) => store.load(LIST, 'f11'),
    persist: (store) => store.persist(LIST, 'f11', {}, {}),
    ...(capabilities && {
      loadVersioned: (store) => store.loadVersioned(LIST, 'f11'),
      commit: (store) => store.commit([write('f11', {}, undefined, LIST)]),
    }),
    ...(list && { list: (store) => store.list(LIST) }),
    ...(remove && { remove: (store) => store.remove(LIST, 'f11') }),
    ...(capabilities && capabilities.watch !== 'none' && { watch: (store) => store.watch(() => undefined) }),
  };
}

/**
 * The longest time, in milliseconds, that the event loop stood still while a promise was pending.
 *
 * @param limit after which to stop looking: the rule has run out of time by then.
 */
async function longestStall(pending: Promise<unknown>, limit: number): Promise<number> {
  let settled = false;
  void rejection(pending).then(() => (settled = true));
  let longest = 0;
  const start = performance.now();
  for (let last = start; !settled && last - start < limit; last = performance.now()) {
    await pause(5);
    longest = Math.max(longest, performance.now() - last);
  }
  return longest;
}
