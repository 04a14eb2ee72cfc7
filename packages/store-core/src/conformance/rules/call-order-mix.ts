import type { Loaded } from '../../store';
import { expectSame } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { turn } from '../turns';
import { write } from './write';

const CAUSE =
  'Calls of some methods do not wait behind those of others, or a commit waits for its first instance only.';
const CALLS = ['persist', 'commit', 'second', 'first', 'remove', 'load', 'loadVersioned'] as const;

/** All methods by turns on one handle, nothing awaited: each takes effect in its turn (rule C8). */
export async function expectMixedOrder(t: RuleContext, store: Subject, id: string): Promise<void> {
  const multi = store.capabilities.atomic === 'multi';
  const state = (n: number) => ({ n, big: 'x'.repeat(t.random.pick([0, 10, 30_000])) });
  let now: object | null = null;
  const pending: Promise<unknown>[] = [];
  const answers: { call: Promise<unknown>; want: unknown; what: string }[] = [];
  const expect = (call: Promise<unknown>, want: unknown, what: string) => answers.push({ call, want, what });
  // Two at once, so that there is a queue.
  for (const n of [-2, -1]) pending.push(store.persist(DOC, id, {}, (now = state(n))));
  const order = [...CALLS, ...t.random.shuffle([...CALLS, ...CALLS, ...CALLS])];
  for (const [n, name] of (t.random.below(2) ? order : order.toReversed()).entries()) {
    const what = `${name}, call ${n + 3}`;
    const next = state(n);
    const was: object | null = now;
    if (name === 'load') expect(store.load(DOC, id), was, what);
    else if (name === 'loadVersioned') expect(store.loadVersioned(DOC, id), was, what);
    else if (name === 'remove') {
      if (typeof store.raw.remove === 'function') expect(store.remove(DOC, id), was !== null, what);
      else pending.push(store.commit([write(id, null)]));
      now = null;
    } else {
      now = next;
      const others = multi && name !== 'persist' && name !== 'commit' ? [write(`${id}-${name}`, next)] : [];
      const writes = name === 'first' ? [write(id, next), ...others] : [...others, write(id, next)];
      pending.push(name === 'persist' ? store.persist(DOC, id, {}, next) : store.commit(writes));
    }
    if (t.random.below(9) === 0) await turn();
  }
  const last = now;
  await Promise.all(pending);
  for (const { call, want, what } of answers) {
    const got = await call;
    const seen = what.startsWith('loadVersioned') ? ((got as Loaded | null)?.state ?? null) : got;
    expectSame(seen, want, `${what}, none awaited`, CAUSE);
  }
  await t.expectLoad(store, id, last, { what: 'load after calls that were not awaited', cause: CAUSE });
}

/** What the last of a few calls leaves, where an overtaken one would be seen at the end (rule C8). */
export async function expectLastCall(t: RuleContext, store: Subject, id: string): Promise<void> {
  const big = { n: 1, big: 'x'.repeat(30_000) };
  const multi = store.capabilities.atomic === 'multi';
  const ends: [string, object | null, () => Promise<unknown>][] = [
    ['a removal', null, () => store.commit([write(id, null)])],
    ['a commit', { n: 2 }, () => store.commit([write(id, { n: 2 })])],
  ];
  if (typeof store.raw.remove === 'function') ends.push(['remove', null, () => store.remove(DOC, id)]);
  if (multi) {
    const both = (): Promise<unknown> => store.commit([write(`${id}-other`, {}), write(id, { n: 2 })]);
    ends.push(['a commit of which it is the second', { n: 2 }, both]);
  }
  for (const [what, want, end] of ends) {
    const calls = [store.persist(DOC, id, {}, big), store.persist(DOC, id, {}, big), end()];
    await Promise.all(calls);
    const said = { what: `load after two persists and ${what}, none awaited`, cause: CAUSE };
    await t.expectLoad(store, id, want, said);
    await Promise.all([store.persist(DOC, id, {}, big), end()]);
    await t.expectLoad(store, id, want, said);
  }
}
