import { expectSame, expectThat } from '../expect';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
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
    const error = await rejection(call);
    expectThat(error === undefined, `${name} that was called before close must get its answer`, {
      got: String(error?.value),
      cause: 'close does not wait for what is in flight.',
    });
    expectSame(await call, want, `the answer of ${name}, called before close`);
  }
  if (t.capabilities.atomic === 'multi') {
    await t.expectLoad(other, 'h1-three', {}, { what: 'load, through another handle, after commit of two' });
  }
  await t.close(other);
}

/** `await using` closes (rule F9). */
export async function expectDisposed(t: RuleContext): Promise<void> {
  const store = await t.open();
  const dispose = (store.raw as Partial<AsyncDisposable>)[Symbol.asyncDispose];
  if (typeof dispose !== 'function') return;
  await store.persist(DOC, 'f9-dispose', {}, {});
  await dispose.call(store.raw);
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
