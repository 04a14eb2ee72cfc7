import { expectSame, expectThat } from '../expect';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { write } from './write';

const SWALLOWED = 'What cannot be read is taken for absent: the engine would mount over it.';

/** F1 and F2: a row that cannot be read. */
export const corruptionRules: readonly Rule[] = [
  {
    id: 'F1',
    title: 'a row that cannot be read is STORE_CORRUPT, never null',
    needs: ['raw.corrupt'],
    async check(t) {
      const store = await withCorrupt(t);
      for (const type of [DOC, LIST]) {
        await t.refused(store.load(type, 'bad'), 'STORE_CORRUPT', 'a load of a corrupt row', SWALLOWED);
        if (t.capabilities === undefined) continue;
        const error = await t.refused(
          store.loadVersioned(type, 'bad'),
          'STORE_CORRUPT',
          'loadVersioned of a corrupt row',
          SWALLOWED,
        );
        const { rev, type: ofType, id } = error as Record<string, unknown>;
        expectSame({ type: ofType, id }, { type, id: 'bad' }, 'the place in the error of a corrupt row');
        expectThat(Number.isSafeInteger(rev) && Number(rev) >= 2, '`rev` of the error of a corrupt row', {
          got: String(rev),
          want: 'the rev of the row, so that it can be repaired',
        });
      }
    },
  },
  {
    id: 'F2',
    title: 'a corrupt row harms no other, is listed, and can be removed and overwritten',
    needs: ['raw.corrupt'],
    async check(t) {
      const store = await withCorrupt(t);
      await Promise.all([DOC, LIST].map((type) => loadAgainAndAgain(t, store, type)));
      for (const type of [DOC, LIST]) {
        for (const id of ['before', 'later'])
          await t.expectLoad(store, id, stateOf(id), { type, what: 'load beside a corrupt row' });
        if (typeof store.raw.list === 'function') {
          expectSame(await store.list(type), ['bad', 'before', 'later'], 'list with a corrupt row');
        }
        if (t.capabilities !== undefined) await repair(t, store, type);
        await store.persist(type, 'bad', {}, stateOf('new'));
        await t.expectLoad(store, 'bad', stateOf('new'), {
          type,
          what: 'load after a corrupt row was overwritten',
        });
      }
      await t.closeAll();
      if (typeof store.raw.remove !== 'function') return;
      const world = await t.world();
      for (const type of [DOC, LIST]) await t.target.raw!.corrupt!(world, type, 'bad');
      const again = await t.open();
      for (const type of [DOC, LIST]) {
        expectSame(await again.remove(type, 'bad'), true, 'remove of a corrupt row');
        await t.expectLoad(again, 'bad', null, { type, what: 'load after a corrupt row was removed' });
        await t.expectLoad(again, 'later', stateOf('later'), {
          type,
          what: 'load of another after a corrupt row was removed',
        });
      }
    },
  },
];

function stateOf(id: string): object {
  return { id, text: 'x', items: [{ id: '1', title: id }, { id: '2' }] };
}

/** Three instances of two types at rev 2, of which one cannot be read. */
async function withCorrupt(t: RuleContext): Promise<Subject> {
  const store = await t.open();
  for (const ids of [
    ['before', 'bad', 'later'],
    ['bad', 'before', 'later'],
  ]) {
    await Promise.all(
      [DOC, LIST].flatMap((type) => ids.map((id) => store.persist(type, id, {}, stateOf(id)))),
    );
  }
  await t.closeAll();
  const world = await t.world();
  for (const type of [DOC, LIST]) await t.target.raw!.corrupt!(world, type, 'bad');
  return t.open();
}

/** What a load takes, for example a connection, it gives back when the row cannot be read. */
async function loadAgainAndAgain(t: RuleContext, store: Subject, type: string): Promise<void> {
  const isVersioned = t.capabilities !== undefined;
  for (let n = 1; n <= 10; n++) {
    const loads = [
      store.load(type, 'bad'),
      isVersioned ? store.loadVersioned(type, 'bad') : store.load(type, 'bad'),
      store.load(type, 'bad'),
    ];
    await Promise.all(
      loads.map((load) =>
        t.refused(load, 'STORE_CORRUPT', `load in round ${n} of loads of a corrupt row`, SWALLOWED),
      ),
    );
  }
}

/** Overwrite with the rev that the error tells, and with no other. */
async function repair(t: RuleContext, store: Subject, type: string): Promise<void> {
  const error = await t.refused(
    store.loadVersioned(type, 'bad'),
    'STORE_CORRUPT',
    'loadVersioned of a corrupt row',
    SWALLOWED,
  );
  const rev = Number((error as { rev?: unknown }).rev);
  await t.refused(
    store.commit([write('bad', {}, 0, type)]),
    'STORE_CONFLICT',
    'a commit with ifRev 0 over a corrupt row',
  );
  await t.refused(
    store.commit([write('bad', {}, rev + 5, type)]),
    'STORE_CONFLICT',
    'a commit with another rev over a corrupt row',
  );
  const { revs } = await store.commit([write('bad', stateOf('repaired'), rev, type)]);
  expectSame(revs, [rev + 1], 'the revs of a repair');
  await t.expectLoad(store, 'bad', stateOf('repaired'), { type, what: 'load after a repair' });
}
