import { expectSame, expectThat, fail } from '../expect';
import type { Rule } from '../rule';
import { rejection } from '../rule-context';
import { DOC } from '../suite-schema';
import {
  expectAnswersWhileClosing,
  expectSecondCloseWaits,
  expectSteadyCapabilities,
} from './closing-checks';
import { write } from './write';

/** Group H: opening and closing. */
export const handleRules: readonly Rule[] = [
  {
    id: 'H1',
    title: 'closing twice, also at once, is closing once',
    needs: ['close'],
    async check(t) {
      for (const opened of [true, false]) {
        const [store, other] = [await t.open(), await t.open()];
        if (opened) await store.persist(DOC, 'h1', {}, { opened });
        const inFlight = store.persist(DOC, 'in-flight', {}, { opened });
        if (t.capabilities === undefined) await inFlight;
        await Promise.all([t.close(store), t.close(store)]);
        await t.close(store);
        const late = await rejection(inFlight);
        if (late !== undefined)
          fail('work in flight must settle when the store is closed', { got: String(late.value) });
        await t.expectLoad(
          other,
          'in-flight',
          { opened },
          { what: 'load, through another handle, of what was in flight' },
        );
        await other.persist(DOC, 'h1', {}, { after: true });
        await t.expectLoad(other, 'h1', { after: true }, { what: 'load through a handle that is open' });
        await t.close(other);
      }
      const unused = await t.open();
      await t.close(unused);
      await expectAnswersWhileClosing(t);
      await expectSecondCloseWaits(t);
      await expectSteadyCapabilities(t);
    },
  },
  {
    id: 'H5',
    title: 'worlds do not see each other',
    async check(t) {
      const worlds = [await t.newWorld(), await t.newWorld()] as const;
      const [one, two] = [await t.open(worlds[0]), await t.open(worlds[1])];
      const cause = 'Storage is found by a name that both have, or is global.';
      await one.persist(DOC, 'h5', {}, { world: 1 });
      await t.expectLoad(two, 'h5', null, { what: 'load in another world', cause });
      await two.persist(DOC, 'h5', {}, { world: 2 });
      await t.expectLoad(one, 'h5', { world: 1 }, { what: 'load in the first world', cause });
      if (typeof one.raw.list === 'function') {
        await one.persist(DOC, 'h5-one', {}, {});
        expectSame(await two.list(DOC), ['h5'], 'list in another world', cause);
      }
      if (t.capabilities === undefined) return;
      expectSame(
        (await two.commit([write('h5', { world: 2 }, 1)])).revs,
        [2],
        'the revs in another world',
        cause,
      );
      const epochs = [
        (await one.loadVersioned(DOC, 'h5'))?.epoch,
        (await two.loadVersioned(DOC, 'h5'))?.epoch,
      ];
      expectThat(epochs[0] !== epochs[1], 'two databases must have two epochs', {
        got: String(epochs),
        cause: 'The epoch is a constant.',
      });
    },
  },
];
