import { expectSame } from '../expect';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { pause } from '../turns';
import { inBatches } from './in-batches';
import { expectDuplicate } from './expect-duplicate';
import { write } from './write';

const FORGOTTEN =
  'An event is kept with its instance, for a time, for a number of others, or for its handle.';

/** How many events are made, one more than the limits that one would choose. */
const MANY = 2_100;
const MANY_OF_ONE = 104;

type Happening = readonly [what: string, happen: (id: string) => Promise<unknown>];

/** An event is known, whatever became of its instance since (rule N1). */
export async function expectEventsOutlive(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const more = (id: string, n: number) => other.commit([write(id, { n })], { eventId: `${id} more ${n}` });
  const happenings: Happening[] = [
    ['nothing', async () => undefined],
    ['a persist', (id) => store.persist(DOC, id, {}, { later: true })],
    ['a persist through another handle', (id) => other.persist(DOC, id, {}, { later: true })],
    ['a commit', (id) => store.commit([write(id, { later: true }, 1)])],
    ['a removal', (id) => store.commit([write(id, null)])],
    ['a removal that is an event', (id) => other.commit([write(id, null)], { eventId: `${id} removal` })],
    ['another event of it', (id) => more(id, 0)],
    ['ten more events of it', (id) => Promise.all(Array.from({ length: 10 }, (_, n) => more(id, n)))],
    ['a conflict', (id) => t.refused(other.commit([write(id, {}, 9)]), 'STORE_CONFLICT', 'a stale commit')],
    ['a refused event of it', (id) => refusedEvent(t, store, id)],
    ['a duplicate that removes', (id) => store.commit([write(id, null)], { eventId: id })],
    [
      'a removal and a creation',
      async (id) => {
        await store.commit([write(id, null)]);
        await other.commit([write(id, { later: true }, 0)]);
      },
    ],
  ];
  if (typeof store.raw.remove === 'function') {
    happenings.push(['remove', (id) => store.remove(DOC, id)]);
    happenings.push(['remove through another handle', (id) => other.remove(DOC, id)]);
  }
  await Promise.all(
    happenings.map(async ([what, happen], i) => {
      const id = `n1-since-${i}`;
      const event = (handle: Subject) => handle.commit([write(id, { again: true })], { eventId: id });
      expectSame(await event(store), { status: 'committed', revs: [1] }, 'the result of an event');
      await happen(id);
      const before = await store.loadVersioned(DOC, id);
      const again = await Promise.all([store, other, store].map(event));
      for (const result of again)
        expectDuplicate(result, [1], `the result of the same event after ${what}`, FORGOTTEN);
      expectSame(await other.loadVersioned(DOC, id), before, `loadVersioned after ${what} and duplicates`);
    }),
  );
}

async function refusedEvent(t: RuleContext, store: Subject, id: string): Promise<void> {
  const refused = store.commit([write(id, {}, 9)], { eventId: `${id} refused` });
  await t.refused(refused, 'STORE_CONFLICT', 'a stale event');
}

/** An event is known to handles that come later, and after others have gone (rule N1). */
export async function expectEventsOfAllHandles(t: RuleContext, store: Subject): Promise<void> {
  const event = (handle: Subject, id: string) => handle.commit([write(id, {})], { eventId: id });
  const [third, fourth] = await Promise.all([t.open(), t.open()]);
  const ids = ['n1-of-first', 'n1-of-third'] as const;
  await Promise.all([event(store, ids[0]), event(third, ids[1]), rejection(fourth.load(DOC, ids[0]))]);
  await t.close(third);
  const fifth = await t.open();
  const results = await Promise.all(
    [store, fourth, fifth].flatMap((handle) => ids.map((id) => event(handle, id))),
  );
  for (const result of results)
    expectDuplicate(
      result,
      [1],
      'the result of the same event after a handle was opened, and another closed',
      FORGOTTEN,
    );
  await Promise.all([fourth, fifth].map((handle) => t.close(handle)));
}

/** Old events are known as long as new ones, of one instance and of many, and after a while (rule N5). */
export async function expectOldEvents(store: Subject, other: Subject): Promise<void> {
  const events = Array.from({ length: MANY }, (_, n) => n);
  const old = (handle: Subject, n: number) =>
    handle.commit([write(`n5-old-${n}`, {})], { eventId: `old-${n}` });
  const ofOne = (handle: Subject, n: number) =>
    handle.commit([write('n5-one', { n })], { eventId: `one-${n}` });
  expectSame((await ofOne(store, 0)).revs, [1], 'the revs of the first event of an instance');
  await old(store, 0);
  const while_ = pause(1_100);
  const many = Array.from({ length: MANY_OF_ONE }, (_, n) => ofOne(n % 2 === 0 ? store : other, n + 1));
  await inBatches(events.slice(1), (n) => old(store, n));
  await Promise.all([...many, while_]);
  const asked = [0, 1, 2, 10, 100, 500, 1_000, 1_100, 2_000, MANY - 2, MANY - 1];
  await Promise.all(
    asked.map(async (n) => {
      const what = `the result of event ${n + 1} of ${MANY} again`;
      expectDuplicate(await old(n % 2 === 0 ? other : store, n), [1], what, FORGOTTEN);
    }),
  );
  expectDuplicate(
    await ofOne(other, 0),
    [1],
    `the result of an event again, after ${MANY_OF_ONE} others of its instance`,
    FORGOTTEN,
  );
}
