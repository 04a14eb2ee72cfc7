import { exactText } from '../exact-text';
import { expectThat, fail } from '../expect';
import { Inconclusive } from '../failure';
import type { Rule } from '../rule';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { LIST } from '../suite-schema';
import { expectNoTraceOfFailures } from './after-failures';
import { ALL_CODES } from './all-codes';
import { write } from './write';

/** F4 and F6: a write to the storage fails, and later ones may work again. */
export const failingWriteRules: readonly Rule[] = [
  {
    id: 'F4',
    title: 'when the n-th write fails, a state is the last acknowledged one, whole',
    needs: ['faults.failWrite'],
    patience: 2,
    async check(t) {
      let struck = 0;
      for (const how of ['once', 'forever'] as const) {
        for (let nth = 1; nth <= 6; nth++) struck += await failAt(t, nth, how);
      }
      if (struck === 0) throw new Inconclusive('no write failed: the fault did not strike');
      await expectNoTraceOfFailures(t);
    },
  },
  {
    id: 'F6',
    title: 'a handle works again when the fault is over',
    needs: ['faults.failWrite'],
    async check(t) {
      const store = await t.open();
      await store.persist(LIST, 'f6', {}, stateOf(0));
      await t.close(store);
      let struck = 0;
      for (let nth = 1; nth <= 4; nth++) {
        const end = await t.fault('failWrite', nth, 'forever');
        const under = await t.open();
        for (let n = 0; n < 4; n++) {
          if ((await rejection(under.persist(LIST, 'f6', {}, stateOf(n)))) !== undefined) struck++;
        }
        await end();
        await under.persist(LIST, 'f6', {}, stateOf(100 + nth));
        await t.expectLoad(under, 'f6', stateOf(100 + nth), {
          type: LIST,
          what: 'load after a persist, when the fault is over',
          cause: 'The handle is left in a transaction that failed, or its queue is stuck.',
        });
        await t.close(under);
      }
      if (struck === 0) throw new Inconclusive('no write failed: the fault did not strike');
    },
  },
];

function stateOf(n: number): { id: string; title: string; items: object[] } {
  const items = Array.from({ length: 3 + (n % 4) }, (_, i) => ({ id: `i${i}`, title: String(n) }));
  return { id: 'l', title: String(n), items };
}

/** Write until the fault strikes and beyond; then compare with what was acknowledged. */
async function failAt(t: RuleContext, nth: number, how: 'once' | 'forever'): Promise<number> {
  const id = `f4-${how}-${nth}`;
  const before = await t.open();
  await Promise.all([id, `${id}-b`].map((each) => before.persist(LIST, each, {}, stateOf(0))));
  await t.close(before);
  const end = await t.fault('failWrite', nth, how);
  const store = await t.open();
  const multi = t.capabilities?.atomic === 'multi';
  let allowed = [exactText(stateOf(0))];
  let struck = 0;
  for (let n = 1; n <= 5; n++) {
    const error = await rejection(multi ? commitBoth(store, id, n) : store.persist(LIST, id, {}, stateOf(n)));
    const next = exactText(stateOf(n));
    if (error === undefined) allowed = [next];
    else {
      struck++;
      t.checkCode(error.value, ALL_CODES, 'a write that fails');
      if (t.isCode(error.value, 'STORE_UNCERTAIN')) allowed.push(next);
    }
  }
  await rejection(t.close(store));
  await end();
  await expectAllowed(await t.open(), multi ? [id, `${id}-b`] : [id], allowed);
  return struck;
}

function commitBoth(store: Subject, id: string, n: number): Promise<unknown> {
  return store.commit([id, `${id}-b`].map((each) => write(each, stateOf(n), undefined, LIST)));
}

async function expectAllowed(
  store: Subject,
  ids: readonly string[],
  allowed: readonly string[],
): Promise<void> {
  const seen = await Promise.all(ids.map(async (id) => exactText(await store.load(LIST, id))));
  expectThat(new Set(seen).size === 1, 'a commit that fails must be made whole or not at all', {
    got: seen.join(' and '),
    cause: 'What was written before the fault stays.',
  });
  const [state = ''] = seen;
  if (!allowed.includes(state)) {
    fail('the state after a write that failed', {
      got: state,
      want: allowed.join(' or '),
      cause: 'What was refused is there, or what was acknowledged is not.',
    });
  }
}
