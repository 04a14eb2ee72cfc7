import { expectSame } from '../expect';
import { describeError } from '../describe-error';
import { rejection, type RuleContext } from '../rule-context';
import type { Subject } from '../subject';
import { DOC } from '../suite-schema';
import { inBatches } from './in-batches';
import { write } from './write';

const SHIFTED = 'Answers are told apart by their order, and one that fails shifts those behind it.';

interface Call {
  readonly what: string;
  readonly make: () => Promise<unknown>;
  readonly want: unknown;
}

/** Of many calls in one turn, some of which are refused, each gets its own answer (rule R4). */
export async function expectOwnAnswers(t: RuleContext, handle: Subject, name: string): Promise<void> {
  const ids = Array.from({ length: 48 }, (_, n) => `r4-own-${name}-${n}`);
  for (let rev = 1; rev <= 4; rev++)
    await inBatches(
      ids.filter((_, n) => 1 + (n % 4) >= rev),
      (id) => handle.persist(DOC, id, {}, { id }),
    );
  const calls = t.random.shuffle(ids.map((id, n) => callOf(handle, id, n, 1 + (n % 4))));
  const making = calls.map(({ make }) => outcome(make()));
  for (const [i, made] of making.entries()) {
    const { what, want } = calls[i] as Call;
    expectSame(await made, want, `the answer of ${what}, among others of its turn`, SHIFTED);
  }
}

function callOf(handle: Subject, id: string, n: number, rev: number): Call {
  const commit = (full: object | null, ifRev?: number) => () => handle.commit([write(id, full, ifRev)]);
  const conflict = (ifRev: number) => ({ code: 'STORE_CONFLICT', id, expected: ifRev, actual: rev });
  const committed = (rev: number) => ({ status: 'committed', revs: [rev] });
  const at = `an instance at rev ${rev}`;
  const kinds: Call[] = [
    { what: `load of ${at}`, make: () => handle.load(DOC, id), want: { id } },
    { what: `a stale commit to ${at}`, make: commit({}, 90 + n), want: conflict(90 + n) },
    { what: `a commit to ${at}`, make: commit({ n }, rev), want: committed(rev + 1) },
    { what: `loadVersioned of ${at}`, make: () => revOf(handle, id), want: rev },
    { what: `a stale creation of ${at}`, make: commit({}, 0), want: conflict(0) },
    { what: `a removal of ${at}`, make: commit(null), want: committed(rev + 1) },
    { what: `persist of ${at}`, make: () => handle.persist(DOC, id, {}, { n }), want: undefined },
    { what: `a stale removal of ${at}`, make: commit(null, 70 + n), want: conflict(70 + n) },
    { what: `load of what is absent`, make: () => handle.load(DOC, `${id}-absent`), want: null },
    {
      what: `the creation of another`,
      make: () => handle.commit([write(`${id}-new`, {}, 0)]),
      want: committed(1),
    },
    {
      what: `an invalid commit`,
      make: commit({ n: NaN }),
      want: { code: 'STORE_INVALID_STATE' },
    },
  ];
  return kinds[n % kinds.length] as Call;
}

async function revOf(handle: Subject, id: string): Promise<number | undefined> {
  return (await handle.loadVersioned(DOC, id))?.rev;
}

/** What a call resolves with, or what its error tells. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  const error = await rejection(call);
  if (error === undefined) return call;
  const { code, id, expected, actual } = Object(error.value) as Record<string, unknown>;
  if (code === 'STORE_CONFLICT') return { code, id, expected, actual };
  return typeof code === 'string' ? { code } : describeError(error.value);
}
