import * as fc from 'fast-check';
import { expectSame, fail } from '../expect';
import type { Rule } from '../rule';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC, LIST } from '../suite-schema';
import { expectPlanWritesNothing } from './closing-checks';
import { sideBySide } from './side-by-side';
import { write } from './write';

/** R13: sequences of commands against a counter. */
export const revCommandRule: Rule = {
  id: 'R13',
  title: 'each commit adds exactly one, removals included, and nothing else does',
  needs: ['capabilities'],
  async check(t) {
    let count = 0;
    const command = fc.constantFrom(...COMMANDS);
    await sideBySide(t, fc.array(command, { minLength: 1, maxLength: 14 }), (commands) =>
      follow(t, `r13-${count++}`, commands),
    );
    await expectPlanWritesNothing(t);
  },
};

const COMMANDS = [
  'persist',
  'commit',
  'swap',
  'stale',
  'create',
  'event',
  'invalid',
  'remove',
  'removeAbsent',
  'load',
  'elsewhere',
] as const;

const WRITING: ReadonlySet<string> = new Set(['persist', 'commit', 'swap', 'event']);

/** A creation takes a rev where there is nothing, and none where there is something. */
async function create(
  t: RuleContext,
  store: Subject,
  id: string,
  n: number,
  { rev, live }: { rev: number; live: boolean },
): Promise<void> {
  const creating = store.commit([write(id, { n }, 0)]);
  if (live) await t.refused(creating, 'STORE_CONFLICT', 'a creation of what is there');
  else expectSame((await creating).revs, [rev + 1], 'the revs of a creation');
}

/** A commit that is an event takes a rev once. */
async function sendTwice(handles: readonly Subject[], id: string, n: number, rev: number): Promise<void> {
  const [store, other] = n % 2 === 0 ? handles : handles.toReversed();
  const options = store?.capabilities.idempotency === true ? { eventId: `${id} ${n}` } : undefined;
  const results = [await store?.commit([write(id, { n })], options)];
  if (options !== undefined) results.push(await other?.commit([write(id, { n })], options));
  for (const result of results) expectSame(result?.revs, [rev], 'the revs of a commit that is an event');
}

/** Run commands by turns through both handles, and compare with what a counter says. */
async function follow(
  t: RuleContext,
  id: string,
  commands: readonly (typeof COMMANDS)[number][],
): Promise<void> {
  const handles = await t.pair();
  let model = { rev: 0, live: false };
  for (const [n, command] of commands.entries()) {
    const store = handles[n % 2] as Subject;
    const actual = model.live ? model.rev : 0;
    const next = { rev: model.rev + 1, live: true };
    if (command === 'persist') await store.persist(DOC, id, {}, { n });
    else if (command === 'commit')
      expectSame((await store.commit([write(id, { n })])).revs, [next.rev], 'the revs of a commit');
    else if (command === 'swap')
      expectSame(
        (await store.commit([write(id, { n }, actual)])).revs,
        [next.rev],
        'the revs of a commit with ifRev',
      );
    else if (command === 'stale')
      await t.refused(store.commit([write(id, { n }, actual + 1)]), 'STORE_CONFLICT', 'a stale commit');
    else if (command === 'create') await create(t, store, id, n, model);
    else if (command === 'event') await sendTwice(handles, id, n, next.rev);
    else if (command === 'invalid')
      await t.refused(store.commit([write(id, { n: NaN })]), 'STORE_INVALID_STATE', 'NaN');
    else if (command === 'elsewhere') await store.persist(LIST, id, {}, { n });
    else if (command !== 'load')
      expectSame(
        (await store.commit([write(id, null)])).revs,
        [model.live ? next.rev : 0],
        'the revs of a removal',
      );
    if (WRITING.has(command) || (command === 'create' && !model.live)) model = next;
    else if (command.startsWith('remove') && model.live) model = { rev: next.rev, live: false };
    const loaded = await store.loadVersioned(DOC, id);
    if (!model.live) expectSame(loaded, null, `loadVersioned after ${command}`);
    else if (loaded?.rev !== model.rev) {
      fail(`the rev after ${command}`, {
        got: String(loaded?.rev),
        want: String(model.rev),
        cause: 'A rev is skipped, doubled, or taken by what writes nothing.',
      });
    }
  }
}
