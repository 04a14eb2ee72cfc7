import { expectSame } from '../expect';
import { preview } from '../preview';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { EVENT_TYPES, mayRefuseEvent, shownEvent, recordNames } from './event-ids';
import { expectDuplicate } from './expect-duplicate';
import { inBatches } from './in-batches';
import { write } from './write';

const SHARED = 'Events, instances and records of the store share a key space.';
const TYPE = 'N5Space';

/** An event, and an instance that a store could keep under the same key. */
interface Neighbours {
  readonly eventId: string;
  /** The instance that the event writes. */
  readonly written: string;
  /** The instance that has nothing to do with it, and when it is created. */
  readonly type: string;
  readonly id: string;
  readonly instanceFirst: boolean;
}

/** Neither an event nor an instance is taken for the other, whatever their names (rule N5). */
export async function expectOwnKeySpace(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const forms = recordNames(TYPE, 'x').length;
  const named = [true, false].flatMap((instanceFirst) =>
    Array.from({ length: forms }, (_, i) => {
      const id = `${instanceFirst ? 'before' : 'after'}-${i}`;
      return {
        eventId: recordNames(TYPE, id)[i] ?? '',
        written: `n5-of-${id}`,
        type: TYPE,
        id,
        instanceFirst,
      };
    }),
  );
  const typed = EVENT_TYPES.map((type, i) => {
    const eventId = `typed-${i}`;
    return { eventId, written: `n5-typed-${i}`, type, id: eventId, instanceFirst: i % 2 === 0 };
  });
  const itself = Array.from({ length: forms }, (_, i) => {
    const written = `n5-itself-${i}`;
    return {
      eventId: recordNames(DOC, written)[i] ?? '',
      written,
      type: TYPE,
      id: written,
      instanceFirst: false,
    };
  });
  await inBatches([...named, ...typed, ...itself], (each) => expectApart(t, store, other, each), 150);
  await expectNotListed(store, other);
}

/** The event and the instance, each written, overwritten and removed beside the other. */
async function expectApart(t: RuleContext, store: Subject, other: Subject, each: Neighbours): Promise<void> {
  const { eventId, written, type, id, instanceFirst } = each;
  const beside = `beside event ${shownEvent(eventId)}`;
  const of = `(${preview(type)}, ${preview(id)})`;
  const create = async (): Promise<void> => {
    const { revs } = await store.commit([write(id, { id }, 0, type)]);
    expectSame(revs, [1], `the revs of the creation of ${of} ${beside}`, SHARED);
  };
  const event = () => other.commit([write(written, { written })], { eventId });
  if (instanceFirst) await create();
  const error = await rejection(event());
  if (error !== undefined) {
    if (!mayRefuseEvent(eventId)) throw error.value;
    t.checkCode(error.value, ['STORE_INVALID_ARGUMENT'], 'refusing an eventId');
    if (instanceFirst) await store.commit([write(id, null, 1, type)]);
    return;
  }
  if (!instanceFirst) {
    expectSame(await store.load(type, id), null, `load of ${of}, never written, ${beside}`, SHARED);
    await create();
  }
  const again = async (when: string): Promise<void> =>
    expectDuplicate(await event(), [1], `the result of event ${shownEvent(eventId)} after ${when}`, SHARED);
  await again(`the creation of ${of}`);
  for (const [handle, want] of [
    [other, { id }],
    [store, { id }],
  ] as const)
    expectSame(await handle.load(type, id), want, `load of ${of} ${beside}`, SHARED);
  expectSame(
    (await store.commit([write(id, null, 1, type)])).revs,
    [2],
    `the revs of a removal ${beside}`,
    SHARED,
  );
  await again(`the removal of ${of}`);
  expectSame(
    await store.load(DOC, written),
    { written },
    `load of what event ${shownEvent(eventId)} wrote`,
    SHARED,
  );
}

/** All that the check created is removed: what a list still has is an event. */
async function expectNotListed(store: Subject, other: Subject): Promise<void> {
  if (typeof store.raw.list !== 'function') return;
  await inBatches([TYPE, ...EVENT_TYPES], async (type) => {
    expectSame(await other.list(type), [], `list of ${preview(type)} after events`, SHARED);
  });
}

/** Events that are named as a record of the store might be change nothing of it (rule N5). */
export async function expectOwnRecords(
  t: RuleContext,
  store: Subject,
  makeEvents: () => Promise<void>,
): Promise<void> {
  await store.persist(DOC, 'n5-record', {}, {});
  const before = await store.loadVersioned(DOC, 'n5-record');
  await makeEvents();
  const third = await t.open();
  const cause = 'Events share a key space with records of the store.';
  for (const loaded of await Promise.all(
    [store, third].map((handle) => handle.loadVersioned(DOC, 'n5-record')),
  ))
    expectSame(loaded, before, 'loadVersioned after events that are named as records might be', cause);
  await t.close(third);
}
