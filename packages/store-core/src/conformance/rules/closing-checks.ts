import { exactText } from '../exact-text';
import { expectSame, expectText, expectThat } from '../expect';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { turn } from '../turns';
import { expectResolved } from './expect-resolved';
import { write } from './write';

/** What was called before close gets its answer, whatever it is (rule H1). */
export async function expectAnswersWhileClosing(t: RuleContext): Promise<void> {
  if (t.capabilities === undefined) return;
  const [store, other] = [await t.open(), await t.open()];
  for (const id of ['h1-load', 'h1-gone']) await store.persist(DOC, id, {}, { id });
  const calls: [string, Promise<unknown>, unknown][] = [
    ['load', store.load(DOC, 'h1-load'), { id: 'h1-load' }],
    ['loadVersioned', store.loadVersioned(DOC, 'h1-load').then((loaded) => loaded?.rev), 1],
    ['commit', store.commit([write('h1-one', {})]).then(({ revs }) => revs), [1]],
  ];
  if (t.capabilities.atomic === 'multi') {
    const both = store.commit([write('h1-two', {}), write('h1-three', {})]);
    calls.push(['commit of two', both.then(({ revs }) => revs), [1, 1]]);
  }
  if (typeof store.raw.remove === 'function') calls.push(['remove', store.remove(DOC, 'h1-gone'), true]);
  if (typeof store.raw.list === 'function') calls.push(['list', store.list('H1Empty'), []]);
  for (const [, call] of calls) call.catch(() => undefined);
  await t.close(store);
  for (const [name, call, want] of calls) {
    const answer = await expectResolved(
      call,
      `${name} that was called before close must get its answer`,
      'close does not wait for what is in flight.',
    );
    expectSame(answer, want, `the answer of ${name}, called before close`);
  }
  if (t.capabilities.atomic === 'multi') {
    await t.expectLoad(other, 'h1-three', {}, { what: 'load, through another handle, after commit of two' });
  }
  await t.close(other);
}

/** A second close waits for the work in flight, as the first does (rule H1). */
export async function expectSecondCloseWaits(t: RuleContext): Promise<void> {
  if (t.capabilities === undefined) return;
  const store = await t.open();
  await store.load(DOC, 'h1-second');
  let settled = 0;
  const calls = Array.from({ length: 20 }, async (_, n) => {
    await store.persist(DOC, 'h1-second', {}, { n });
    settled++;
  });
  for (const call of calls) call.catch(() => undefined);
  const first = t.close(store);
  await t.close(store);
  // What is around a call may take a turn more than the call: 20 in a row take longer.
  for (let i = 0; i < 3; i++) await turn();
  expectSame(
    settled,
    calls.length,
    'the calls in flight that have settled when the second close has',
    SECOND,
  );
  await Promise.all([first, ...calls]);
}

const SECOND = 'A second close returns at once, because a flag is set.';

/** Capabilities are data: opening and closing change nothing of them (rule H1). */
export async function expectSteadyCapabilities(t: RuleContext): Promise<void> {
  if (t.capabilities === undefined) return;
  const store = await t.open();
  const shown = (): string => {
    const { atomic, idempotency, watch, durability } = store.capabilities;
    return exactText({ atomic, idempotency, watch, durability });
  };
  const before = shown();
  const cause = 'They are found out when the store is opened: callers choose by them before.';
  await store.persist(DOC, 'h1-capabilities', {}, {});
  expectText(shown(), before, 'the capabilities after the first call', cause);
  await t.close(store);
  expectText(shown(), before, 'the capabilities after close', cause);
}

/** `await using` closes (rule F9). */
export async function expectDisposed(t: RuleContext): Promise<void> {
  const store = await t.open();
  const dispose = (store.raw as Partial<AsyncDisposable>)[Symbol.asyncDispose];
  if (typeof dispose !== 'function') return;
  await store.persist(DOC, 'f9-dispose', {}, {});
  let settled = 0;
  const calls = Array.from({ length: 20 }, async (_, n) => {
    await rejection(store.persist(DOC, 'f9-dispose', {}, { n }));
    settled++;
  });
  await dispose.call(store.raw);
  for (let i = 0; i < 3; i++) await turn();
  const waits = 'Disposing closes without waiting, or does not wait for what it has begun.';
  const inFlight = 'the calls in flight that have settled when [Symbol.asyncDispose]() has';
  expectSame(settled, calls.length, inFlight, waits);
  const what = 'a load after [Symbol.asyncDispose]()';
  await t.refused(store.load(DOC, 'f9-dispose'), 'STORE_CLOSED', what, 'Disposing does not close.');
}

/** `plan` of a store, for writes that its types would not let through; `undefined` where there is none. */
export function planOf(store: Subject): ((writes: readonly object[]) => Promise<unknown>) | undefined {
  const { plan } = store.raw;
  return typeof plan === 'function' ? async (writes) => plan.call(store.raw, writes as never) : undefined;
}

/** A plan writes nothing, and refuses what commit refuses (rule R13). */
export async function expectPlanWritesNothing(t: RuleContext): Promise<void> {
  const [store, other] = await t.pair();
  const plan = planOf(store);
  if (plan === undefined) return;
  await store.persist(DOC, 'r13-plan', {}, { n: 1 });
  const writes = [write('r13-plan', { n: 2 }), write('r13-plan-new', {})];
  for (const each of [writes.slice(0, 1), writes.slice(1), [write('r13-plan', null)]]) {
    expectThat(Array.isArray(await plan(each)), 'plan must give an array of statements');
  }
  for (const handle of [store, other]) {
    const loaded = await handle.loadVersioned(DOC, 'r13-plan');
    expectSame([loaded?.rev, loaded?.state], [1, { n: 1 }], 'loadVersioned after plan', 'plan writes.');
    await t.expectLoad(handle, 'r13-plan-new', null, { what: 'load after plan', cause: 'plan writes.' });
  }
  const refusals = [
    [write('r13-plan', { n: NaN }), 'STORE_INVALID_STATE'],
    [write('r13-plan', {}, -1), 'STORE_INVALID_ARGUMENT'],
    [write('r13-plan', {}, undefined, ''), 'STORE_INVALID_KEY'],
  ] as const;
  for (const [bad, code] of refusals) await t.refused(plan([bad]), code, `plan of what commit refuses`);
}
