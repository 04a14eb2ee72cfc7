import type { CapturedWrite } from './base-store';
import type { CommitResult, Hint } from './store';
import { StoreError } from './store-error';

/** What an event wrote to one instance; `rev` is 0 where there was nothing to remove. */
export interface RecordedWrite {
  readonly type: string;
  readonly id: string;
  readonly rev: number;
}

/** What a commit reads and writes, inside one transaction of the adapter. */
export interface CommitTable<Captured> {
  /** The rev of a live instance; 0 when it is absent or removed. */
  revOf(type: string, id: string): number;
  /** Write or remove one instance. @returns the rev taken; 0 when there was nothing to remove. */
  put(write: CapturedWrite<Captured>): number;
  /** What a recorded event wrote, in the order of its writes; `undefined` when it is unknown. */
  findEvent(eventId: string): readonly RecordedWrite[] | undefined;
  /** Record an event together with what it wrote. */
  recordEvent(eventId: string, writes: readonly RecordedWrite[]): void;
}

/**
 * The first half of a commit: decides without writing. The event id comes first, then every `ifRev`
 * (rules N6, M2).
 *
 * @returns the result of a duplicate; `undefined` when the commit is to be made.
 * @throws StoreError `STORE_INVALID_ARGUMENT` when the event was committed with other instances;
 *   `STORE_CONFLICT` for the first write whose `ifRev` is stale.
 */
export function decideCommit<Captured>(
  table: Pick<CommitTable<Captured>, 'revOf' | 'findEvent'>,
  writes: readonly CapturedWrite<Captured>[],
  eventId: string | undefined,
): CommitResult | undefined {
  const recorded = eventId === undefined ? undefined : table.findEvent(eventId);
  if (recorded !== undefined) return duplicateOf(recorded, writes);
  for (const [index, write] of writes.entries()) {
    if (write.ifRev !== undefined) checkRev(write, table.revOf(write.type, write.id), index);
  }
  return undefined;
}

/** The second half: writes everything and records the event; after {@link decideCommit}, in the same transaction. */
export function makeCommit<Captured>(
  table: Pick<CommitTable<Captured>, 'put' | 'recordEvent'>,
  writes: readonly CapturedWrite<Captured>[],
  eventId: string | undefined,
): CommitResult {
  const revs = writes.map((write) => table.put(write));
  if (eventId !== undefined) table.recordEvent(eventId, recordOf(writes, revs));
  return { status: 'committed', revs };
}

/**
 * What to answer to an event that was committed before: the revs of the first time, in the order in
 * which the instances are named now.
 *
 * @throws StoreError `STORE_INVALID_ARGUMENT` when it was committed with other instances (rule N7).
 */
export function duplicateOf(
  recorded: readonly RecordedWrite[],
  writes: readonly Pick<CapturedWrite<unknown>, 'type' | 'id'>[],
): CommitResult {
  const revs = writes.map(
    ({ type, id }) => recorded.find((write) => write.type === type && write.id === id)?.rev,
  );
  if (revs.length === recorded.length && revs.every((rev) => rev !== undefined)) {
    return { status: 'duplicate', revs };
  }
  const message = 'This eventId was committed with other instances. Use a new eventId for a new event.';
  throw new StoreError('STORE_INVALID_ARGUMENT', message);
}

/**
 * Compare a write's `ifRev` with the rev that the instance has (0 when absent or removed).
 *
 * @throws StoreError `STORE_CONFLICT`
 */
export function checkRev(
  { type, id, ifRev: expected }: Pick<CapturedWrite<unknown>, 'type' | 'id' | 'ifRev'>,
  actual: number,
  index: number,
): void {
  if (expected === undefined || expected === actual) return;
  const message = `The instance is at rev ${actual}, not ${expected}. Load it again and decide again.`;
  throw new StoreError('STORE_CONFLICT', message, { type, id, index, expected, actual });
}

/** What to record of a commit, for {@link duplicateOf}. */
export function recordOf(
  writes: readonly Pick<CapturedWrite<unknown>, 'type' | 'id'>[],
  revs: readonly number[],
): RecordedWrite[] {
  return writes.map(({ type, id }, i) => ({ type, id, rev: revs[i] ?? 0 }));
}

/** The hints of a commit: one for each write that took a rev. */
export function hintsOf(
  writes: readonly Pick<CapturedWrite<unknown>, 'type' | 'id' | 'full'>[],
  revs: readonly number[],
): Hint[] {
  return writes.flatMap(({ type, id, full }, i) => {
    const rev = revs[i] ?? 0;
    return rev === 0 ? [] : [{ type, id, rev, removed: full === null }];
  });
}
