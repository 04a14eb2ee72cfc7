import { expectSame, fail } from '../expect';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { BOARD, DOC, LIST } from '../suite-schema';
import { write } from './write';

const PLAIN =
  'The data are not in the storage, or the world does not say in plain data (a path, a URL) where it is.';

/** C10: two processes on one storage. */
export const twoProcessesRule: Rule = {
  id: 'C10',
  title: 'two processes see what the other has written, and lose nothing',
  needs: ['durable', 'module'],
  patience: 3,
  async check(t) {
    const here = await t.open();
    const there = await t.openIn(await t.process());
    for (let n = 0; n < 6; n++) {
      const [writer, reader] = n % 2 === 0 ? [here, there] : [there, here];
      // Whoever caches has it in the cache now.
      await reader.load(DOC, 'c10');
      await writer.persist(DOC, 'c10', {}, { n });
      const cause = 'A process reads from a cache of its own.';
      const what = 'load, in one process, of what another has written';
      await t.expectLoad(reader, 'c10', { n }, { what, cause: n === 0 ? PLAIN : cause });
    }
    const ids = Array.from({ length: 40 }, (_, i) => `c10-${i}`);
    await Promise.all(ids.map((id, i) => (i % 2 === 0 ? here : there).persist(DOC, id, {}, { id })));
    for (const [i, id] of ids.entries()) {
      const what = 'load of one of 40 instances that two processes wrote at once';
      await t.expectLoad(i % 2 === 0 ? there : here, id, { id }, { what });
    }
    if (t.capabilities === undefined) return;
    await countTogether(t, [here, there, here]);
    await expectSharedRecords([here, there]);
  },
};

/** U2: the data are in the storage, and not in the process. */
export const freshProcessRule: Rule = {
  id: 'U2',
  title: 'a fresh process finds everything',
  needs: ['durable', 'module'],
  patience: 2,
  async check(t) {
    const items = [{ id: '2', title: 'b' }, { title: 'no key' }, 7];
    const states: [string, string, object][] = [
      [DOC, 'u2', { text: 'é💥', nested: { b: 1, a: [null, 0.1] }, '': '', flag: null }],
      [LIST, 'u2', { id: 'l', items, archive: [] }],
      [BOARD, 'u2', { id: 'b', lists: [{ id: 'l', items }] }],
      ['Unmapped type!', 'u2', { any: 'thing' }],
    ];
    const here = await t.open();
    for (const [type, id, state] of states) await here.persist(type, id, {}, state);
    const versions = await versionsOf(here, states);
    await t.close(here);
    const what = 'load in a fresh process';
    const there = await t.openIn(await t.process());
    for (const [type, id, state] of states)
      await t.expectLoad(there, id, state, { type, what, cause: PLAIN });
    expectSame(await versionsOf(there, states), versions, 'the revs and the epoch in a fresh process');
    for (const [type, id, state] of states) await there.persist(type, id, {}, { ...state, again: true });
    await t.close(there);
    const next = await t.open();
    for (const [type, id, state] of states) {
      const want = { ...state, again: true };
      await t.expectLoad(next, id, want, { type, what: 'load of what a process wrote that has closed' });
    }
  },
};

/** H2: a closed store keeps no process alive. */
export const exitRule: Rule = {
  id: 'H2',
  title: 'a process that has closed its handles ends by itself',
  needs: ['close', 'module'],
  patience: 2,
  async check(t) {
    for (const work of [false, true]) {
      const peer = await t.process();
      const store = await peer.open(t.target.durable === true ? await t.world() : undefined);
      if (work) {
        await store.persist(DOC, 'h2', {}, { n: 1 });
        await store.load(DOC, 'h2');
        const unsubscribe = await store.watch?.(() => undefined);
        await unsubscribe?.();
      }
      await store.close?.();
      const how = await peer.leave(t.timeout);
      if (how === 'exit code 0') continue;
      fail('a process must end by itself once its handles are closed', {
        got: how ?? 'it still runs',
        cause: 'A timer, a watcher or a connection goes on after close.',
      });
    }
  },
};

async function versionsOf(store: Subject, states: readonly [string, string, object][]): Promise<unknown> {
  if (typeof store.raw.loadVersioned !== 'function') return null;
  const versions = [];
  for (const [type, id] of states) {
    const loaded = await store.loadVersioned(type, id);
    versions.push([loaded?.rev, loaded?.epoch]);
  }
  return versions;
}

/** Events, lists and the revs of removed instances are one for all processes. */
async function expectSharedRecords(handles: readonly [Subject, Subject]): Promise<void> {
  const cause = 'A process keeps for itself what belongs into the storage.';
  for (let n = 0; n < 6; n++) {
    const [writer, reader] = n % 2 === 0 ? handles : [handles[1], handles[0]];
    const revs = [];
    for (const full of [{ n }, null]) revs.push(...(await writer.commit([write('c10-by-turns', full)])).revs);
    const what = 'the revs of an instance that two processes create and remove by turns';
    expectSame(revs, [2 * n + 1, 2 * n + 2], what, cause);
    if (writer.capabilities.idempotency) {
      const event = { eventId: `c10-${n}` };
      await writer.commit([write('c10-event', { n })], event);
      const { status } = await reader.commit([write('c10-event', { n })], event);
      expectSame(status, 'duplicate', 'the result of an event of another process, sent again', cause);
    }
    if (typeof writer.raw.list !== 'function') continue;
    await reader.list('C10Listed');
    await writer.persist('C10Listed', `id-${n}`, {}, {});
    const want = Array.from({ length: n + 1 }, (_, i) => `id-${i}`);
    expectSame(
      await reader.list('C10Listed'),
      want,
      'list, in one process, of what another has written',
      cause,
    );
  }
}

/** A counter that goes up by compare-and-set, in all handles at once, ends at the acknowledgements. */
async function countTogether(t: RuleContext, handles: readonly Subject[]): Promise<void> {
  let acknowledged = 0;
  const count = async (store: Subject): Promise<void> => {
    for (let tries = 0; tries < 25; tries++) {
      const loaded = await store.loadVersioned(DOC, 'count');
      const next = { n: Number(loaded?.state.n ?? 0) + 1 };
      const error = await rejection(store.commit([write('count', next, loaded?.rev ?? 0)]));
      if (error === undefined) acknowledged++;
      else
        t.checkCode(error.value, ['STORE_CONFLICT', 'STORE_BUSY'], 'a commit while another process writes');
    }
  };
  await Promise.all(handles.map(count));
  const cause = 'The rev is compared in one step and the state written in another.';
  const loaded = await (handles[0] as Subject).loadVersioned(DOC, 'count');
  const seen = [loaded?.state.n, loaded?.rev];
  const what = 'a counter, and its rev, that two processes raised by compare-and-set';
  expectSame(seen, [acknowledged, acknowledged], what, cause);
}
