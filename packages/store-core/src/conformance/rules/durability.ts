import { expectSame } from '../expect';
import type { Rule } from '../rule';
import { BOARD, DOC, LIST } from '../suite-schema';

/** Group U: what is left when all handles are closed. */
export const durabilityRules: readonly Rule[] = [
  {
    id: 'U1',
    title: 'everything is there after closing and opening',
    needs: ['durable'],
    async check(t) {
      const list = {
        id: 'l',
        title: 't',
        items: [{ id: '2', title: 'b' }, { title: 'no key', done: true }, 7],
        archive: [],
      };
      const states: [string, string, object][] = [
        [DOC, 'u1', { text: 'one', count: 1, nested: { b: 1, a: [null, 0.1] }, '': 'é💥', flag: null }],
        [DOC, '', {}],
        [LIST, 'u1', list],
        [BOARD, 'u1', { id: 'b', lists: [list, { ...list, id: 'm' }], items: list.items }],
        ['Unmapped type!', 'U1', { any: 'thing' }],
      ];
      for (let cycle = 0; cycle < 3; cycle++) {
        const store = await t.open();
        await Promise.all(
          states.map(([type, id, state]) => store.persist(type, id, {}, { ...state, cycle })),
        );
        await store.persist(DOC, `cycle-${cycle}`, {}, { cycle });
        // A versioned store lets work in flight settle when it is closed.
        const last = store.persist(DOC, 'last', {}, { cycle });
        if (t.capabilities === undefined) await last;
        await t.close(store);
        await last;
        const again = await t.open();
        const what = 'load after closing and opening';
        await Promise.all(
          states.map(([type, id, state]) => t.expectLoad(again, id, { ...state, cycle }, { type, what })),
        );
        await t.expectLoad(
          again,
          'last',
          { cycle },
          { what: 'load of what was in flight when it was closed' },
        );
        await t.expectLoad(again, `cycle-${cycle}`, { cycle }, { what });
        await t.expectLoad(again, 'never', null, { what: 'load of what was never written' });
        if (typeof again.raw.list === 'function') {
          expectSame(
            (await again.list(DOC, { after: 'cycle-', limit: 1 })).length,
            1,
            'the length of a page after closing and opening',
          );
        }
        await t.close(again);
      }
    },
  },
  {
    id: 'U6',
    title: 'a closed handle holds no lock',
    needs: ['durable', 'close'],
    async check(t) {
      const other = await t.open();
      await other.persist(DOC, 'u6', {}, { n: -1 });
      for (let n = 0; n < 8; n++) {
        const store = await t.open();
        await store.persist(DOC, 'u6', {}, { n });
        const loading = store.load(DOC, 'u6');
        if (t.capabilities === undefined) await loading;
        await t.close(store);
        await other.persist(DOC, 'u6', {}, { n, again: true });
        const next = await t.open();
        const writing = next.persist(LIST, 'u6', {}, { id: 'l', items: [{ id: 'n', rank: n }] });
        const reading = t.expectLoad(
          next,
          'u6',
          { n, again: true },
          { what: 'load after another handle was closed' },
        );
        await Promise.all([writing, reading]);
        await t.close(next);
      }
    },
  },
];
