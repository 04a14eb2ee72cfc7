import { expectSame } from '../expect';
import { preview } from '../preview';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { write } from './write';

const CAUSE = 'findEvent reads something else than what a commit decides by.';

/** Rule N8. */
export const findEventRule: Rule = {
  id: 'N8',
  title: 'findEvent gives the first result of a committed event, and null for any other',
  needs: ['idempotency', 'findEvent'],
  async check(t) {
    const [store, other] = await t.pair();
    await expectUnknown(store, other);
    await expectFirstResults(t, store, other);
    await expectRefusedUnknown(t, store, other);
    await expectFreshAnswers(t, store, other);
    for (const eventId of ['', 1, null, undefined, {}, true]) {
      const call = store.findEvent(eventId as string);
      await t.refused(call, 'STORE_INVALID_ARGUMENT', `findEvent of ${preview(eventId)}`);
    }
  },
};

async function expectUnknown(store: Subject, other: Subject): Promise<void> {
  await store.persist(DOC, 'n8', {}, {});
  for (const eventId of ['never', 'n8', `${DOC}:n8`, DOC, '%', 'constructor', '__proto__']) {
    for (const handle of [store, other]) {
      expectSame(
        await handle.findEvent(eventId),
        null,
        `findEvent of ${preview(eventId)}, never committed`,
        CAUSE,
      );
    }
  }
  // Having been asked for is not having been committed.
  const result = await other.commit([write('n8-asked', {})], { eventId: 'never' });
  expectSame(
    result,
    { status: 'committed', revs: [1] },
    'a commit of an event that was asked for before',
    CAUSE,
  );
}

/** Events of every kind, looked up through each handle, also when their instances have moved on. */
async function expectFirstResults(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  await store.persist(DOC, 'n8-a', {}, {});
  const isMulti = store.capabilities.atomic === 'multi';
  const events: [name: string, writes: ReturnType<typeof write>[], revs: number[]][] = [
    ['one', [write('n8-a', { n: 1 })], [2]],
    ['created', [write('n8-b', {}, 0)], [1]],
    ['removed', [write('n8-b', null)], [2]],
    ['removed nothing', [write('n8-absent', null)], [0]],
    ['empty', [], []],
    [' spaces ', [write('n8-c', {}, undefined, LIST)], [1]],
  ];
  if (isMulti)
    events.push(['several', [write('n8-z', {}), write('n8-a', {}), write('n8-absent', null)], [1, 3, 0]]);
  for (const [eventId, writes, revs] of events) {
    const first = await store.commit(writes, { eventId });
    expectSame(first, { status: 'committed', revs }, `the result of the event ${preview(eventId)}`);
  }
  await store.commit([write('n8-a', { n: 9 })]);
  await store.commit([write('n8-b', {})]);
  await other.commit([write('n8-a', { n: 1 })], { eventId: 'one' });
  const later = await t.open();
  for (const handle of [store, other, later]) {
    const found = await Promise.all(events.map(([eventId]) => handle.findEvent(eventId)));
    for (const [n, [eventId, , revs]] of events.entries()) {
      expectSame(found[n], { status: 'committed', revs }, `findEvent of ${preview(eventId)}`, CAUSE);
    }
  }
}

async function expectRefusedUnknown(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const stale = store.commit([write('n8-a', {}, 999)], { eventId: 'refused' });
  await t.refused(stale, 'STORE_CONFLICT', 'a stale commit with an event id');
  expectSame(await other.findEvent('refused'), null, 'findEvent of an event whose commit was refused', CAUSE);
  await other.commit([write('n8-a', {})], { eventId: 'refused' });
  const found = await store.findEvent('refused');
  expectSame(found?.status, 'committed', 'findEvent of an event that was refused, then committed', CAUSE);
}

/** As fresh as a commit would decide: right after it, through another handle, and unawaited on the same one. */
async function expectFreshAnswers(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  for (let n = 0; n < 8; n++) {
    const [writer, reader] = n % 2 === 0 ? [store, other] : [other, store];
    const eventId = `n8-fresh-${n}`;
    const [own] = await Promise.all([
      (void writer.commit([write(`n8-fresh-${n}`, {})], { eventId }), writer.findEvent(eventId)),
    ]);
    const want = { status: 'committed', revs: [1] };
    expectSame(own, want, 'findEvent, called right after its unawaited commit', CAUSE);
    const found = await reader.findEvent(eventId);
    expectSame(found, want, 'findEvent through another handle, right after the commit', CAUSE);
    // The result belongs to whoever asked.
    if (found !== null) found.revs.push(7);
    expectSame(
      await reader.findEvent(eventId),
      want,
      'findEvent after its earlier result was changed',
      CAUSE,
    );
  }
  if (t.target.durable !== true) return;
  await t.closeAll();
  const reopened = await t.open();
  const found = await reopened.findEvent('n8-fresh-0');
  expectSame(found, { status: 'committed', revs: [1] }, 'findEvent after reopening', CAUSE);
}
