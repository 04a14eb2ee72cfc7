import * as fc from 'fast-check';
import { diffState } from '../../diff-state';
import { easyValues, objectOf } from '../json-documents';
import { setOwn } from '../../set-own';
import { bothWays } from '../both-ways';
import type { Rule } from '../rule';
import { DOC, LIST } from '../suite-schema';
import { expectEqualLookingWritten, expectRandomChanges } from './equal-looking';
import { inBatches } from './in-batches';
import {
  expectChangesWithinLongTexts,
  expectDeepChanges,
  expectLittleChanges,
  expectNothingRemembered,
} from './later-writes';
import { sideBySide } from './side-by-side';

const FULL = '`full` is the truth and `diff` only a hint: write `full`.';

const BASE = { id: 'd', text: 'one', count: 1, nested: { a: 1, b: { c: 2, d: 3 } }, tags: ['x'] };

/** Group D: what persist does with its two states. */
export const diffAndFullRules: readonly Rule[] = bothWays([
  {
    id: 'D1',
    title: 'an empty diff with a changed full writes full',
    async check(t) {
      const [store, other] = await t.pair();
      await store.persist(DOC, 'd1', BASE, BASE);
      const lists = [
        { id: 'l', items: [{ id: 'a' }] },
        { id: 'l', items: [{ id: 'b' }, { id: 'a', title: 'x' }] },
      ];
      for (const full of [{ ...BASE, text: 'two' }, { id: 'd' }, { id: 'd', extra: [1] }]) {
        await store.persist(DOC, 'd1', {}, full);
        await t.expectLoad(store, 'd1', full, { what: 'load after an empty diff', cause: FULL });
        await t.expectLoad(other, 'd1', full, { what: 'load after an empty diff', cause: FULL });
      }
      for (const full of lists) {
        await store.persist(LIST, 'd1', {}, full);
        await t.expectLoad(other, 'd1', full, { type: LIST, what: 'load after an empty diff', cause: FULL });
      }
    },
  },
  {
    id: 'D2',
    title: 'a removal, undefined in the diff, removes',
    async check(t) {
      const [store, other] = await t.pair();
      await store.persist(DOC, 'd2', BASE, BASE);
      const { text, ...withoutText } = BASE;
      await store.persist(DOC, 'd2', { text: undefined }, withoutText);
      for (const handle of [store, other]) {
        await t.expectLoad(handle, 'd2', withoutText, { what: 'load after a removal', cause: FULL });
      }
      await store.persist(DOC, 'd2', { text }, { ...withoutText, text });
      await t.expectLoad(store, 'd2', { ...withoutText, text }, { what: 'load after it was added again' });
      const list = { id: 'l', items: [{ id: 'a' }], archive: [{ id: 'b' }] };
      await store.persist(LIST, 'd2', list, list);
      await store.persist(LIST, 'd2', { items: undefined }, { id: 'l', archive: list.archive });
      const want = { id: 'l', archive: [{ id: 'b' }] };
      await t.expectLoad(other, 'd2', want, {
        type: LIST,
        what: 'load after an array was removed',
        cause: FULL,
      });
    },
  },
  {
    id: 'D3',
    title: 'a diff against an older base gives full, and so does a change that is small',
    async check(t) {
      const [store, other] = await t.pair();
      await store.persist(DOC, 'd3', BASE, BASE);
      const first = { ...BASE, text: 'by the first', count: 2 };
      await store.persist(DOC, 'd3', { text: first.text, count: 2 }, first);
      // The other one started from BASE, and its full says so.
      const second = { ...BASE, tags: ['by the second'] };
      await other.persist(DOC, 'd3', { tags: second.tags }, second);
      for (const handle of [store, other]) {
        await t.expectLoad(handle, 'd3', second, {
          what: 'load after a diff against an older base',
          cause: FULL,
        });
      }
      await store.persist(DOC, 'd3', { text: first.text }, first);
      await t.expectLoad(other, 'd3', first, {
        what: 'load after a diff against an older base',
        cause: FULL,
      });
      // All of the diff is there already, and not all of full.
      await store.persist(DOC, 'd3-there', {}, { text: 'x', count: 1 });
      await store.persist(DOC, 'd3-there', { text: 'x' }, { text: 'x', count: 2 });
      for (const handle of [store, other]) {
        await t.expectLoad(
          handle,
          'd3-there',
          { text: 'x', count: 2 },
          { what: 'load after a diff that is there already', cause: FULL },
        );
      }
      await Promise.all([
        expectNothingRemembered(t),
        expectLittleChanges(t),
        expectChangesWithinLongTexts(t),
        expectDeepChanges(t),
        expectEqualLookingWritten(t, 'looks-equal'),
        expectRandomChanges(t, 'random'),
      ]);
    },
  },
  {
    id: 'D4',
    title: 'a null diff is tolerated',
    async check(t) {
      const [store] = await t.pair();
      const cause = 'Object.keys(diff) throws on null.';
      for (const diff of [null, undefined]) {
        for (const full of [BASE, { ...BASE, text: String(diff) }]) {
          await store.persist(DOC, 'd4', diff, full);
          await t.expectLoad(store, 'd4', full, { what: `load after a diff that is ${String(diff)}`, cause });
        }
      }
      const list = { id: 'l', items: [{ id: 'a' }] };
      await store.persist(LIST, 'd4', null, list);
      await t.expectLoad(store, 'd4', list, { type: LIST, what: 'load after a null diff', cause });
    },
  },
  {
    id: 'D5',
    title: 'a partial diff on an absent instance gives full',
    async check(t) {
      const [store, other] = await t.pair();
      const list = { id: 'l', title: 't', items: [{ id: 'a' }, { id: 'b' }], archive: [{ id: 'c' }] };
      await store.persist(DOC, 'd5', { text: BASE.text }, BASE);
      await store.persist(LIST, 'd5', { archive: list.archive }, list);
      await store.persist(DOC, 'd5-empty', {}, BASE);
      for (const handle of [store, other]) {
        const what = 'load after a partial diff on what was absent';
        await t.expectLoad(handle, 'd5', BASE, { what, cause: FULL });
        await t.expectLoad(handle, 'd5', list, { type: LIST, what, cause: FULL });
        await t.expectLoad(handle, 'd5-empty', BASE, { what, cause: FULL });
      }
    },
  },
  {
    id: 'D6',
    title: 'a nested change keeps its siblings, and a nested removal removes',
    async check(t) {
      const [store, other] = await t.pair();
      await store.persist(DOC, 'd6', BASE, BASE);
      for (const nested of [
        { a: 1, b: { c: 9, d: 3 } },
        { a: 1, b: { d: 3 } },
        { a: 1 },
        { a: 1, e: { f: 1 } },
      ]) {
        const full = { ...BASE, nested };
        await store.persist(DOC, 'd6', { nested }, full);
        for (const handle of [store, other]) {
          await t.expectLoad(handle, 'd6', full, {
            what: 'load after a nested change',
            cause: 'The diff is merged deeply, or not at all.',
          });
        }
      }
    },
  },
  {
    id: 'D7',
    title: 'the same edits, cut into any pieces, end in the same state',
    async check(t) {
      const [store, other] = await t.pair();
      let count = 0;
      const edits = fc.array(
        fc.tuple(
          fc.constantFrom('id', 'text', 'count', 'nested', 'tags', 'x', '__proto__'),
          fc.option(easyValues, { nil: undefined }),
        ),
        { minLength: 1, maxLength: 10 },
      );
      const cuts = fc.array(fc.nat({ max: 3 }), { maxLength: 10 });
      const check = async ([all, ...bothCuts]: [Edits, number[], number[]]): Promise<void> => {
        const id = `d7-${count++}`;
        await inBatches(bothCuts, async (sizes, i) => {
          let state: object = { id: 'start' };
          for (const chunk of chunks(all, sizes)) {
            const next = apply(state, chunk);
            await store.persist(DOC, `${id}-${i}`, diffState(state, next), next);
            state = next;
          }
          const what = 'load after edits in pieces';
          await inBatches([store, other], (handle) =>
            t.expectLoad(handle, `${id}-${i}`, state, { what, cause: FULL }),
          );
        });
      };
      await sideBySide(t, fc.tuple(edits, cuts, cuts), check, 6);
    },
  },
]);

type Edits = readonly (readonly [key: string, value: unknown])[];

function* chunks(edits: Edits, sizes: readonly number[]): Generator<Edits> {
  let at = 0;
  for (let i = 0; at < edits.length; i++) {
    const size = sizes[i] ?? edits.length;
    yield edits.slice(at, at + size);
    at += size;
  }
}

function apply(state: object, edits: Edits): object {
  const next = objectOf(Object.entries(state));
  for (const [key, value] of edits) {
    if (value === undefined) Reflect.deleteProperty(next, key);
    else setOwn(next, key, value);
  }
  return next;
}
