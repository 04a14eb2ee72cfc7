import { compareCodePoints } from '../../compare-code-points';
import type { CommitOptions, Write } from '../../store';
import { expectSame } from '../expect';
import { exactText } from '../exact-text';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { write } from './write';

const CAUSE =
  'A listing is answered from a cache, a replica or an index that misses some ways of writing, or holds what was not written.';

/** What is done to a type in which `a`, `b` and `c` live and `gone` was removed, and what lives then. */
interface Step {
  readonly what: string;
  readonly live: readonly string[];
  readonly needs?: 'multi' | 'idempotency';
  act(writer: Subject, type: string, t: RuleContext): Promise<unknown>;
}

function committing(
  what: string,
  live: string,
  writes: (type: string) => readonly Write[],
  options?: CommitOptions,
): Step {
  const isOfSeveral = writes('x').length > 1;
  const needs = isOfSeveral ? 'multi' : options === undefined ? undefined : 'idempotency';
  return {
    ...{ what, live: live.split(' ') },
    ...(needs === undefined ? {} : { needs }),
    act: (writer, type) => {
      const eventId = options?.eventId;
      return writer.commit(writes(type), eventId === undefined ? undefined : { eventId: eventId + type });
    },
  };
}

function refusing(what: string, writes: (type: string) => readonly Write[]): Step {
  const needs = writes('x').length > 1 ? { needs: 'multi' as const } : {};
  return {
    ...{ what, live: ['a', 'b', 'c'], ...needs },
    act: (writer, type, t) => t.refused(writer.commit(writes(type)), 'STORE_CONFLICT', what),
  };
}

const of =
  (id: string, full: object | null, ifRev?: number) =>
  (type: string): Write =>
    write(id, full, ifRev, type);
const all =
  (...each: readonly ((type: string) => Write)[]) =>
  (type: string): Write[] =>
    each.map((make) => make(type));

const STEPS: readonly Step[] = [
  { what: 'a persist', live: ['a', 'b', 'c', 'd'], act: (writer, type) => writer.persist(type, 'd', {}, {}) },
  { what: 'a persist of what was removed', live: ['a', 'b', 'c', 'gone'], act: (writer, type) => writer.persist(type, 'gone', {}, {}) }, // prettier-ignore
  { what: 'a removal', live: ['a', 'c'], act: (writer, type) => writer.commit([write('b', null, undefined, type)]) }, // prettier-ignore
  committing('a removal with ifRev', 'a c', all(of('b', null, 1))),
  committing('a creation with ifRev 0', 'a b c d', all(of('d', {}, 0))),
  committing('another creation with ifRev 0', 'a b c gone', all(of('gone', {}, 0))),
  committing('an update with ifRev', 'a b c', all(of('b', { n: 1 }, 1))),
  committing('a creation with an event', 'a b c d', all(of('d', {})), { eventId: 'e3-create-' }),
  committing('a removal with an event', 'a c', all(of('b', null)), { eventId: 'e3-remove-' }),
  committing('a commit that creates three', 'a b c d e f', all(of('d', {}), of('e', {}), of('f', {}, 0))),
  committing('a commit that removes two', 'b', all(of('a', null), of('c', null))),
  committing('a commit that creates, removes and updates', 'a c d gone', all(of('d', {}), of('b', null, 1), of('gone', {}), of('c', { n: 2 }))), // prettier-ignore
  committing('a commit of several with an event', 'a b d', all(of('c', null), of('d', {})), { eventId: 'e3-several-' }), // prettier-ignore
  committing('a commit that updates and then creates', 'a b c d', all(of('a', { n: 1 }), of('d', {}))),
  refusing('a creation that is refused', all(of('d', {}, 3))),
  refusing('a creation of what is there', all(of('b', {}, 0))),
  refusing('a removal that is refused', all(of('b', null, 2))),
  refusing('a commit with one stale write', all(of('d', {}), of('a', null), of('b', {}, 9))),
  refusing('a commit whose first write is stale', all(of('b', {}, 9), of('c', null), of('d', {}))),
  {
    ...{ what: 'a duplicate of a creation, after its removal', live: ['a', 'b', 'c'], needs: 'idempotency' },
    async act(writer, type) {
      const again = (): Promise<unknown> =>
        writer.commit([write('d', {}, undefined, type)], { eventId: `e3-again-${type}` });
      await again();
      await writer.commit([write('d', null, undefined, type)]);
      await again();
    },
  },
  {
    ...{ what: 'a duplicate of a removal, after another creation', live: ['a', 'b', 'c'], needs: 'idempotency' }, // prettier-ignore
    async act(writer, type) {
      const again = (): Promise<unknown> =>
        writer.commit([write('b', null, undefined, type)], { eventId: `e3-twice-${type}` });
      await again();
      await writer.persist(type, 'b', {}, {});
      await again();
    },
  },
];

/** A list is as fresh as what was written before it, however and by whoever it was written (rule E3). */
export async function expectFreshLists(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  if (t.capabilities === undefined) return;
  const { atomic, idempotency } = t.capabilities;
  const possible = STEPS.filter(({ needs }) =>
    needs === 'multi' ? atomic === 'multi' : needs === undefined || idempotency,
  ).filter(({ what }) => idempotency || !what.includes('event'));
  const handles = [store, other, await t.open()];
  await Promise.all(
    possible.flatMap((step, n) =>
      [store, other].map((writer, who) => expectFresh(t, step, `E3Fresh${n}x${who}`, writer, handles)),
    ),
  );
}

async function expectFresh(
  t: RuleContext,
  { what, live, act }: Step,
  type: string,
  writer: Subject,
  handles: readonly Subject[],
): Promise<void> {
  const list = async (when: string, want: readonly string[]): Promise<void> => {
    const lists = await Promise.all(handles.map((handle) => handle.list(type)));
    for (const [n, got] of lists.entries()) {
      const through = handles[n] === writer ? 'the handle that wrote' : 'another handle';
      expectSame(got, want, `list ${when}, through ${through}`, CAUSE);
      got.push('what the caller does with a list'); // It belongs to the caller.
      got.reverse();
    }
  };
  await list('of a type that has no instances', []);
  await Promise.all(['a', 'b', 'c', 'gone'].map((id) => writer.persist(type, id, {}, { id })));
  await writer.commit([write('gone', null, undefined, type)]);
  await list('after four creations and a removal', ['a', 'b', 'c']);
  await act(writer, type, t);
  // At once, and again: what an earlier call finds must not make the next one better or worse.
  await list(`after ${what}`, live.toSorted(compareCodePoints));
  await list(`once more after ${what}`, live.toSorted(compareCodePoints));
  const loads = live.map(async (id) => exactText([id, (await handles[0]?.load(type, id)) !== null]));
  const want = live.map((id) => exactText([id, true]));
  expectSame(await Promise.all(loads), want, `which of the listed ones can be loaded after ${what}`, CAUSE);
}

/** A type and an id are never read as one text, and ids are not taken for one another (rule E3). */
export async function expectSeparateTypes(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const cause = 'Type and id are joined into one key, or ids are trimmed, folded or left out when empty.';
  const types = ['E3J', 'E3J:', 'E3J:x', 'E3J/', 'E3J/x', 'E3J#x', 'E3J|x', 'E3J.x', 'E3J x', 'E3J-x', 'E3J_x', 'E3J\u{10000}']; // prettier-ignore
  const ids = ['', ' ', ':', 'x', 'x:y', 'x/y', 'x#y', 'x|y', 'X', 'x ', ' x', '  ', '0', '00', '0.0', '-0', '1e1', '10', '\u00e9', 'e\u0301', '\u00df', 'ss', 'SS', '\u0131', 'i', 'I', '\ufb01', 'fi', 'null', 'undefined', 'true', '\u200b', '\ufeff']; // prettier-ignore
  const sorted = ids.toSorted(compareCodePoints);
  await Promise.all(
    types.flatMap((type, n) => ids.filter((_, i) => i % types.length !== n).map((id) => store.persist(type, id, {}, {}))), // prettier-ignore
  );
  const later = await t.open();
  const lists = await Promise.all(types.map((type, n) => (n % 2 === 0 ? other : later).list(type)));
  for (const [n, list] of lists.entries()) {
    const want = sorted.filter((id) => ids.indexOf(id) % types.length !== n);
    expectSame(list, want, `list of the type ${exactText(types[n])}`, cause);
  }
}
