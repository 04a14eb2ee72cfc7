import * as fc from 'fast-check';
import { diffState } from '../../diff-state';
import { exactText } from '../exact-text';
import { expectSame, fail } from '../expect';
import { isHardToHold, jsonDocuments } from '../json-documents';
import { bothWays } from '../both-ways';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import { BOARD, DOC, LIST } from '../suite-schema';
import { sideBySide } from './side-by-side';

/** Group V, the rest: shared references, what a refusal leaves behind, and documents that nobody thought of. */
export const documentRules: readonly Rule[] = bothWays([
  {
    id: 'V20',
    title: 'one object in two places is stored in both, as copies',
    async check(t) {
      const shared = { id: 's', title: 'shared', meta: { n: 1 } };
      const cause = 'A repeated object is taken for a cycle, or loaded as one object.';
      await t.roundTrip('v20', { nested: { a: shared, b: shared, c: [shared, shared] }, shared }, { cause });
      const list = { id: 'l', items: [shared, { id: 'x' }], archive: [shared] };
      await t.roundTrip('v20', list, { type: LIST, cause });
      await t.roundTrip(
        'v20',
        { id: 'b', lists: [list, { ...list, id: 'm' }], items: [shared] },
        { type: BOARD, cause },
      );
      const [store] = await t.pair();
      const loaded = (await store.load(DOC, 'v20')) as { shared: object; nested: { a: object; b: object } };
      if (loaded.nested.a === loaded.nested.b || loaded.shared === loaded.nested.a) {
        fail('what was one object when persisted must be loaded as copies', { cause });
      }
    },
  },
  {
    id: 'V21',
    title: 'a refusal changes nothing, and what comes after it works',
    async check(t) {
      const [store, other] = await t.pair();
      const cause = 'Something was written or queued before the check.';
      const bad = {
        id: 'bad',
        items: [
          { id: '1', title: 'new' },
          { id: '2', rank: NaN },
        ],
      };
      await t.refused(
        store.persist(LIST, 'v21', bad, bad),
        'STORE_INVALID_STATE',
        'a first state that holds NaN',
      );
      for (const handle of [store, other]) {
        await t.expectLoad(handle, 'v21', null, {
          type: LIST,
          what: 'load after a refused first persist',
          cause,
        });
      }
      await refuseOverGood(t, bad, cause);
    },
  },
  {
    id: 'V22',
    title: 'generated documents come back exactly, one written over the other',
    patience: 2,
    async check(t) {
      const [store, other] = await t.pair();
      let count = 0;
      const input = fc.tuple(fc.constantFrom(DOC, LIST, BOARD), jsonDocuments, jsonDocuments);
      const check = async ([type, first, second]: [string, object, object]): Promise<void> => {
        const id = `v22-${count++}`;
        let before: object = {};
        for (const state of [first, second]) {
          if (isHardToHold(exactText(state))) {
            await t.roundTripOrRefusal(`${id}-hard`, state, { type });
            continue;
          }
          await store.persist(type, id, diffState(before, state), state);
          const what = 'load after persist, through another handle';
          await Promise.all([
            t.expectLoad(store, id, state, { type }),
            t.expectLoad(other, id, state, { type, what }),
          ]);
          before = state;
        }
      };
      await sideBySide(t, input, check, 15);
    },
  },
]);

/** A state is refused where another one is, while a third call is on its way. */
async function refuseOverGood(t: RuleContext, bad: object, cause: string): Promise<void> {
  const [store, other] = await t.pair();
  const good = { id: 'l', items: [{ id: '1', title: 'old' }] };
  await store.persist(LIST, 'v21', good, good);
  const revBefore = t.capabilities && (await store.loadVersioned(LIST, 'v21'))?.rev;
  const refusing = store.persist(LIST, 'v21', bad, bad);
  const following = store.persist(LIST, 'v21-next', good, good);
  await t.refused(refusing, 'STORE_INVALID_STATE', 'a state that holds NaN');
  await following;
  for (const handle of [store, other]) {
    await t.expectLoad(handle, 'v21', good, {
      type: LIST,
      what: 'the earlier state after a refusal',
      cause,
    });
    await t.expectLoad(handle, 'v21-next', good, {
      type: LIST,
      what: 'what was persisted beside a refusal',
      cause,
    });
  }
  if (t.capabilities !== undefined) {
    expectSame((await other.loadVersioned(LIST, 'v21'))?.rev, revBefore, 'the rev after a refusal', cause);
  }
  await t.roundTrip('v21', { id: 'l', items: [] }, { type: LIST, what: 'load of a persist after a refusal' });
}
