import { expectSame, expectThat, fail } from '../expect';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { ALL_CODES } from './all-codes';
import { write } from './write';

/** Revs outgrow a byte, and three digits (rule R11). */
export async function expectManyRevs(store: Subject, other: Subject): Promise<void> {
  const commits = Array.from({ length: 1_010 }, (_, n) => store.commit([write('r11-many', { n })]));
  for (const [n, { revs }] of (await Promise.all(commits)).entries()) {
    expectSame(revs, [n + 1], `the revs of commit ${n + 1} of 1,010`, 'Revs are kept in too few bits.');
  }
  const loaded = await other.loadVersioned(DOC, 'r11-many');
  expectSame([loaded?.rev, loaded?.state], [1_010, { n: 1_009 }], 'loadVersioned after 1,010 commits');
}

/** A rev is kept however many others were removed since (rule R8). */
export async function expectRevsOfRemoved(store: Subject, other: Subject): Promise<void> {
  const ids = Array.from({ length: 1_000 }, (_, n) => `r8-many-${n}`);
  for (const full of [{}, null]) await Promise.all(ids.map((id) => store.commit([write(id, full)])));
  for (const id of [ids[0], ids[1], ids[500], ids[999]] as string[]) {
    expectSame(
      (await other.commit([write(id, { again: true }, 0)])).revs,
      [3],
      'the rev of a creation after a removal, and 1,000 of others',
      'The revs of what is removed are kept for some only, or for some time.',
    );
  }
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

/** One stale write refuses all, however many there are (rule M1). */
export async function expectAllOrNothing(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const cause = 'Commits are made in batches, each of which is a transaction of its own.';
  for (const count of [30, 150, 1_000]) {
    const ids = Array.from({ length: count }, (_, n) => `m1-${count}-${n}`);
    const stale = (n: number) => (n === count - 1 ? 5 : undefined);
    const commit = store.commit(ids.map((id, n) => write(id, { n }, stale(n))));
    await t.refused(commit, 'STORE_CONFLICT', `a commit of ${count}, the last of them stale`, cause);
    const found = await Promise.all(ids.map((id) => other.load(DOC, id)));
    const there = found.filter((state) => state !== null).length;
    if (there > 0) fail('nothing of a refused commit may be there', { got: `${there} of ${count}`, cause });
    const error = await rejection(store.commit(ids.map((id, n) => write(id, { n }, 0))));
    if (error !== undefined) throw error.value;
    const states = await Promise.all(ids.map((id) => other.load(DOC, id)));
    expectSame(
      states,
      ids.map((_, n) => ({ n })),
      `load after a commit of ${count}`,
    );
  }
}

/** A misspelt `ifRev` would overwrite blindly, a misspelt `eventId` write twice (rule R9). */
export async function expectNoUnknownProperties(t: RuleContext, store: Subject): Promise<void> {
  const cause = 'Properties that the contract does not know are ignored.';
  const plain = write('r9', { n: 2 });
  for (const misspelt of [{ ifrev: 7 }, { rev: 7 }, { ifRev: 1, iFRev: 1 }]) {
    const what = `a write with the properties ${Object.keys(misspelt).join(' and ')}`;
    await t.refused(store.commit([{ ...plain, ...misspelt }]), 'STORE_INVALID_ARGUMENT', what, cause);
  }
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
  for (const [i, handle] of handles.entries()) {
    const around = [`r4-before-${i}`, `r4-after-${i}`];
    await handle.persist(DOC, 'r4-stale', {}, {});
    const before = handle.persist(DOC, around[0] ?? '', {}, { i });
    const stale = handle.commit([write('r4-stale', {}, 99)]);
    const after = handle.commit([write(around[1] ?? '', { i }, 0)]);
    await t.refused(stale, 'STORE_CONFLICT', 'a stale commit among others');
    const error = (await rejection(before)) ?? (await rejection(after));
    expectThat(error === undefined, 'what is written beside a stale commit must not be refused', {
      got: String(error?.value),
      cause,
    });
    for (const id of around)
      await t.expectLoad(
        handle,
        id,
        { i },
        { what: 'load of what was written beside a stale commit', cause },
      );
  }
}

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
