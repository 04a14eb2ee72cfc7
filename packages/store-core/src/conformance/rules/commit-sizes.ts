import { expectSame, fail } from '../expect';
import type { RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { inBatches } from './in-batches';
import { write } from './write';

const CHUNKS = 'Commits are made in batches, each of which is a transaction of its own.';

/** One more than the limits of transactions, batches and parameters that backends have. */
const SIZES = [2, 11, 26, 51, 101, 150, 257, 501, 1_001, 2_100];

/** One stale write refuses all, however many there are, and wherever it is (rule M1). */
export async function expectAllOrNothing(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  await Promise.all(SIZES.map((size) => new Crowd(t, store, other, 'M1', size).expectAllOrNothing()));
  // More than 32,766 parameters, where a write takes five.
  await new Crowd(t, store, other, 'M1', 7_000).expectRefused(6_999);
}

/** Many removals at once leave their revs behind, and go with creations (rule M9). */
export async function expectManyRemovals(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  await Promise.all(SIZES.map((size) => new Crowd(t, store, other, 'M9', size).expectRemovals()));
}

/** What is invalid, or there twice, is found among many (rules M3 and M7). */
export async function expectFlawFound(
  t: RuleContext,
  store: Subject,
  other: Subject,
  flaw: 'invalid' | 'twice',
): Promise<void> {
  const of = (size: number) => new Crowd(t, store, other, flaw === 'invalid' ? 'M3' : 'M7', size);
  await Promise.all([30, 150, 1_100, 2_100].map((size) => of(size).expectFlawFound(flaw)));
}

/** A number of instances of a type of their own. */
class Crowd {
  readonly #type: string;
  readonly #ids: readonly string[];

  constructor(
    private readonly t: RuleContext,
    private readonly store: Subject,
    private readonly other: Subject,
    rule: string,
    private readonly size: number,
  ) {
    this.#type = `${rule}Of${size}`;
    // In no order: batches may be made of sorted writes.
    this.#ids = t.random.shuffle(Array.from({ length: size }, (_, n) => `crowd-${n}`));
  }

  async expectAllOrNothing(): Promise<void> {
    const { store, size } = this;
    for (const at of new Set([size - 1, 0, Math.floor(size / 2)])) await this.expectRefused(at);
    const { revs } = await store.commit(
      this.#writes(
        (n) => ({ n }),
        () => 0,
      ),
    );
    expectSame(
      revs,
      this.#each(() => 1),
      `the revs of a commit of ${size}`,
      CHUNKS,
    );
    await this.#expectStates((n) => ({ n }), `a commit of ${size}`);
    const stale = this.#writes(
      (n) => (n % 3 === 0 ? null : { stale: n }),
      (n) => (n === size - 1 ? 7 : 1),
    );
    await this.t.refused(
      this.other.commit(stale),
      'STORE_CONFLICT',
      `a commit of ${size} that changes and removes, the last of them stale`,
      CHUNKS,
    );
    await this.#expectStates((n) => ({ n }), `a refused commit of ${size} that changes and removes`);
  }

  /** A commit of creations is refused for one of them, which is told. */
  async expectRefused(at: number): Promise<void> {
    const { t, store, size } = this;
    const what = `a commit of ${size}, write ${at} of them stale`;
    const stale = this.#writes(
      (n) => ({ n }),
      (n) => (n === at ? 5 : undefined),
    );
    const error = await t.refused(store.commit(stale), 'STORE_CONFLICT', what, CHUNKS);
    await this.#expectStates(() => null, what);
    const { index, id } = error as { index?: unknown; id?: unknown };
    const place = `the place in the error of ${what}`;
    expectSame({ index, id }, { index: at, id: this.#ids[at] }, place, CHUNKS);
  }

  async expectRemovals(): Promise<void> {
    const { store, other, size } = this;
    const cause = 'Only some of many removals leave their rev behind, or removals are left out.';
    await store.commit(this.#writes((n) => (n % 4 === 3 ? null : { n })));
    const mixed = this.#writes((n) => (n % 2 === 0 ? null : { again: n }));
    const { revs } = await other.commit(mixed);
    const what = `a commit of ${size} that removes and creates`;
    expectSame(
      revs,
      this.#each((n) => (n % 4 === 3 ? 1 : 2)),
      `the revs of ${what}`,
      cause,
    );
    await this.#expectStates((n) => (n % 2 === 0 ? null : { again: n }), what);
    await store.commit(this.#writes(() => null));
    await this.#expectStates(() => null, `a commit of ${size} that removes all`);
    const created = await other.commit(
      this.#writes(
        (n) => ({ n }),
        () => 0,
      ),
    );
    const last = (n: number) => (n % 4 === 3 ? 3 : n % 2 === 0 ? 3 : 4);
    expectSame(created.revs, this.#each(last), `the revs of creations after ${size} removals`, cause);
  }

  async expectFlawFound(flaw: 'invalid' | 'twice'): Promise<void> {
    const { t, store, size } = this;
    const writes = this.#writes((n) => ({ n }));
    const at = size - 2;
    const bad = flaw === 'invalid' ? { full: { a: [NaN] } } : { id: this.#ids[0] ?? '' };
    const code = flaw === 'invalid' ? 'STORE_INVALID_STATE' : 'STORE_INVALID_ARGUMENT';
    const what = `a commit of ${size}, ${flaw === 'invalid' ? 'the last but one invalid' : 'one instance twice'}`;
    const error = await t.refused(
      store.commit(writes.with(at, { ...writes[at]!, ...bad })),
      code,
      what,
      CHUNKS,
    );
    await this.#expectStates(() => null, what);
    if (flaw === 'twice') return;
    expectSame((error as { index?: unknown }).index, at, `\`index\` of the error of ${what}`, CHUNKS);
  }

  #each<T>(of: (n: number) => T): T[] {
    return this.#ids.map((_, n) => of(n));
  }

  #writes(full: (n: number) => object | null, ifRev?: (n: number) => number | undefined) {
    return this.#ids.map((id, n) => write(id, full(n), ifRev?.(n), this.#type));
  }

  /** Look at all where they can be listed and are few, else at some. */
  async #expectStates(want: (n: number) => object | null, after: string): Promise<void> {
    const { other, size } = this;
    const isListed = typeof other.raw.list === 'function';
    const step = isListed ? Math.ceil(size / 40) : 1;
    const looked = this.#each((n) => n).filter((n) => n % step === 0 || n === size - 1);
    await inBatches(looked, async (n) => {
      const got = await other.load(this.#type, this.#ids[n] ?? '');
      expectSame(got, want(n), `load of write ${n} after ${after}`, CHUNKS);
    });
    if (!isListed) return;
    const wanted = this.#ids.filter((_, n) => want(n) !== null);
    const got = new Set(await other.list(this.#type, { limit: 10_000 }));
    if (got.size !== wanted.length || wanted.some((id) => !got.has(id)))
      fail(`list after ${after}`, { got: `${got.size} ids`, want: `${wanted.length} ids`, cause: CHUNKS });
  }
}

/** The revs of many writes are in the order of the writes, those that write nothing included (rule M6). */
export async function expectRevsInPlace(t: RuleContext, store: Subject, other: Subject): Promise<void> {
  const ids = Array.from({ length: 300 }, (_, n) => `m6-many-${n}`);
  const revs = new Map(ids.map((id, n) => [id, n % 4]));
  const absent = new Set(ids.filter((_, n) => n % 12 === 0));
  const isAbsent = (id: string) => absent.has(id);
  for (let rev = 1; rev < 4; rev++)
    await inBatches(
      ids.filter((_, n) => n % 4 >= rev),
      (id) => store.persist(DOC, id, {}, { rev }),
    );
  for (const handle of [store, other]) {
    const order = t.random.shuffle(ids);
    const writes = order.map((id) => write(id, isAbsent(id) ? null : { n: 1 }));
    for (const id of order) if (!isAbsent(id)) revs.set(id, (revs.get(id) ?? 0) + 1);
    expectSame(
      (await handle.commit(writes)).revs,
      order.map((id) => revs.get(id)),
      'the revs of a commit of 300, some of which remove what is absent',
      'Revs come in another order than the writes, or a write that does nothing shifts them.',
    );
  }
}
