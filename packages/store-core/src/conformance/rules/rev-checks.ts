import type { World } from '../define-target';
import { exactText } from '../exact-text';
import { expectSame, expectThat, fail } from '../expect';
import { preview } from '../preview';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { ALL_CODES } from './all-codes';
import { inBatches } from './in-batches';
import { expectOwnAnswers } from './own-answers';
import { write } from './write';

/** Revs outgrow a byte, and three digits (rule R11). Several handles: over a network one would be slow. */
export async function expectManyRevs(t: RuleContext, ...pair: readonly Subject[]): Promise<void> {
  const handles = [...pair, ...(await Promise.all(Array.from({ length: 8 }, () => t.open())))];
  const cause = 'Revs are kept in too few bits, compared as text, or taken twice.';
  const byRev = new Map<number, number>();
  const commits = Array.from({ length: 1_010 }, async (_, n) => {
    const { revs } = await unlessBusy(t, () =>
      (handles[n % handles.length] as Subject).commit([write('r11-many', { n })]),
    );
    expectThat(typeof revs[0] === 'number', 'the rev of a commit must be a number', {
      got: exactText(revs),
      cause,
    });
    byRev.set(revs[0] ?? 0, n);
    return revs;
  });
  const taken = (await Promise.all(commits)).map(([rev]) => rev ?? 0);
  const want = Array.from({ length: 1_010 }, (_, n) => n + 1);
  expectSame(
    taken.toSorted((a, b) => a - b),
    want,
    'the revs of 1,010 commits',
    cause,
  );
  for (let from = 0; from < handles.length; from++) {
    const own = taken.filter((_, n) => n % handles.length === from);
    expectSame(
      own,
      own.toSorted((a, b) => a - b),
      'the revs of the commits of one handle, in call order',
      cause,
    );
  }
  const loaded = await pair[1]?.loadVersioned(DOC, 'r11-many');
  const last = [1_010, { n: byRev.get(1_010) }];
  expectSame([loaded?.rev, loaded?.state], last, 'loadVersioned after 1,010 commits', cause);
}

/** What many do to one instance at once may have to be tried again. */
async function unlessBusy<T>(t: RuleContext, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const calling = call();
    const error = await rejection(calling);
    if (error === undefined) return calling;
    t.checkCode(error.value, ['STORE_BUSY'], 'a commit without ifRev');
    if (tries === 50) fail('a commit must come to its end', { got: 'refused as busy 50 times' });
  }
}

/** A rev is kept however many others were removed since (rule R8). */
export async function expectRevsOfRemoved(store: Subject, other: Subject): Promise<void> {
  const ids = Array.from({ length: 1_000 }, (_, n) => `r8-many-${n}`);
  for (const full of [{}, null]) await inBatches(ids, (id) => store.commit([write(id, full)]));
  await inBatches([ids[0], ids[1], ids[500], ids[999]] as string[], async (id) => {
    expectSame(
      (await other.commit([write(id, { again: true }, 0)])).revs,
      [3],
      'the rev of a creation after a removal, and 1,000 of others',
      'The revs of what is removed are kept for some only, or for some time.',
    );
  });
}

/** What cannot be read is not absent: nothing may be created over it (rule F5). */
export async function expectNoBlindCreation(
  t: RuleContext,
  store: Subject,
  id: string,
  type: string,
): Promise<void> {
  const creation = store.commit([write(id, { lost: true }, 0, type)]);
  await t.refused(
    creation,
    ALL_CODES,
    'a commit with ifRev 0 while reads fail',
    'What cannot be read is taken for absent, and is overwritten.',
  );
}

/** A misspelt `ifRev` would overwrite blindly, a misspelt `eventId` write twice (rule R9). */
export async function expectNoUnknownProperties(t: RuleContext, store: Subject): Promise<void> {
  const cause = 'Properties that the contract does not know are ignored.';
  const plain = write('r9', { n: 2 });
  const writes = [{ ifrev: 7 }, { rev: 7 }, { ifRev: 1, iFRev: 1 }].map((misspelt) => {
    const what = `a write with the properties ${Object.keys(misspelt).join(' and ')}`;
    return t.refused(store.commit([{ ...plain, ...misspelt }]), 'STORE_INVALID_ARGUMENT', what, cause);
  });
  await Promise.all(writes);
  const options: object = { eventID: 'e' };
  await t.refused(store.commit([plain], options), 'STORE_INVALID_ARGUMENT', 'the option eventID', cause);
  if (typeof store.raw.remove !== 'function') return;
  const removing = store.remove(DOC, 'r9', { ifrev: 7 } as object);
  await t.refused(removing, 'STORE_INVALID_ARGUMENT', 'the option ifrev of remove', cause);
}

/** A property that is there, and is undefined, is absent (rule R2). */
export async function expectUndefinedIsAbsent(store: Subject, other: Subject): Promise<void> {
  const cause = 'It is asked whether the property is there, and not what it holds.';
  for (const [n, handle] of [store, other, store].entries()) {
    const each = { ...write('r2-undefined', { n }), ifRev: undefined };
    const { status, revs } = await handle.commit([each], { eventId: undefined });
    expectSame(
      [status, revs],
      ['committed', [n + 1]],
      'the result of a commit with ifRev and eventId undefined',
      cause,
    );
  }
  if (typeof store.raw.remove !== 'function') return;
  expectSame(
    await store.remove(DOC, 'r2-undefined', { ifRev: undefined }),
    true,
    'remove with ifRev undefined',
    cause,
  );
}

/** What is under way beside a commit that conflicts is not refused with it (rule R4). */
export async function expectOthersGoOn(t: RuleContext, ...handles: readonly Subject[]): Promise<void> {
  const cause = 'Calls of one turn are one transaction, which is rolled back for all.';
  const check = async (handle: Subject, i: number): Promise<void> => {
    const around = [`r4-before-${i}`, `r4-after-${i}`];
    const conflicting = `r4-stale-${i}`;
    await handle.persist(DOC, conflicting, {}, {});
    const before = handle.persist(DOC, around[0] ?? '', {}, { i });
    const stale = handle.commit([write(conflicting, {}, 99)]);
    const after = handle.commit([write(around[1] ?? '', { i }, 0)]);
    await t.refused(stale, 'STORE_CONFLICT', 'a stale commit among others');
    const error = (await rejection(before)) ?? (await rejection(after));
    expectThat(error === undefined, 'what is written beside a stale commit must not be refused', {
      got: String(error?.value),
      cause,
    });
    const expectation = { what: 'load of what was written beside a stale commit', cause };
    await Promise.all(around.map((id) => t.expectLoad(handle, id, { i }, expectation)));
    await expectOwnAnswers(t, handle, String(i));
  };
  await Promise.all(handles.map(check));
}

/** Databases have epochs of their own, and each has one for all handles (rule R1). */
export async function expectEpochs(t: RuleContext): Promise<void> {
  const epochsOf = async (world: World): Promise<string[]> => {
    const handles = [await t.open(world), await t.open(world), await t.open(world)];
    await (handles[0] as Subject).persist(DOC, 'r1-epoch', {}, {});
    const epochs = handles.map(async (handle) => (await handle.loadVersioned(DOC, 'r1-epoch'))?.epoch ?? '');
    await t.close(handles[0] as Subject);
    return [...(await Promise.all(epochs)), ...(await Promise.all(epochs))];
  };
  const worlds = [await t.world(), await t.newWorld(), await t.newWorld()];
  const all = await Promise.all(worlds.map(epochsOf));
  for (const epochs of all)
    expectSame(
      epochs,
      epochs.map(() => epochs[0]),
      'the epochs of one database',
      'The epoch is made for each handle.',
    );
  expectThat(new Set(all.flat()).size === worlds.length, 'each database must have an epoch of its own', {
    got: preview(all.map(([epoch]) => epoch)),
    cause:
      'The epoch is a constant, the name of the database, or the time: a client would resume in another database.',
  });
}

/** What is nearly a rev (rule R9), beside what is none at all. */
export const NEARLY_REVS: readonly unknown[] = [
  ...[
    1 + Number.EPSILON,
    1.000_000_1,
    0.999_999_999_999,
    2 ** 53 + 2,
    1e308,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
  ],
  ...[
    '0',
    ' 1',
    '1 ',
    '1.0',
    '0x1',
    '1e0',
    '1n',
    0n,
    -1n,
    Object(1),
    new Date(1),
    [],
    [0],
    { rev: 1 },
    () => 1,
  ],
];

/** The epoch is that of the database, whatever becomes of its instances (rule R8). */
export async function expectLastingEpoch(t: RuleContext): Promise<void> {
  const store = await t.open(await t.newWorld());
  const epochs: (string | undefined)[] = [];
  for (let n = 0; n < 3; n++) {
    await store.commit([write('r8-only', { n })]);
    epochs.push((await store.loadVersioned(DOC, 'r8-only'))?.epoch);
    await store.commit([write('r8-only', null)]);
  }
  const cause = 'The epoch is made with the first instance, or kept in its row.';
  expectSame(
    epochs,
    epochs.map(() => epochs[0]),
    'the epochs of one database that was empty in between',
    cause,
  );
}

/** A rev is a whole number: said plainly, before anything is counted or compared (rule R1). */
export function expectPlainRevs(revs: unknown, what: string): void {
  const arePlain = Array.isArray(revs) && revs.every((rev) => Number.isSafeInteger(rev));
  expectThat(arePlain, `${what} must be whole numbers`, {
    got: exactText(revs),
    cause: 'The driver gives numbers as strings or BigInt, and they are passed on.',
    independent: true,
  });
}
