import { isStoreError, StoreError, timers } from '@nasc/store-core';
import { BusyWait } from './busy-wait';
import { isBusy, isIoError } from './sqlite-error-code';

/** How much one transaction may hold, so that the event loop is not held. */
const MAX_JOBS = 1_000;
const MAX_MILLISECONDS = 10;

/**
 * What a job decides when its turn comes, inside the transaction and before it writes anything. A
 * job that throws here is refused alone.
 */
export type Decision<T> = { readonly result: T } | { readonly write: () => T };

/** What group commit needs of a connection. */
export interface TransactionControl {
  inTransaction(): boolean;
  begin(): void;
  /** Right after a BEGIN, inside the transaction. */
  began(): void;
  commit(): void;
  rollback(): void;
  /** After a commit, once every member has its answer. */
  committed(): void;
  /** What was learned inside the transaction no longer holds. */
  rolledBack(): void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

interface Job {
  readonly keys: readonly string[];
  readonly decide: () => Decision<unknown>;
  readonly settle: (outcome: Outcome) => void;
  readonly queuedAt: number;
  /** Was in a batch that failed: run by itself, so that only the failing one rejects. */
  alone: boolean;
  /** Of the last run; an answer only once that run's COMMIT has returned. */
  outcome: Outcome;
}

/**
 * Commits that arrive in one turn of the event loop share one transaction and one fsync. Jobs run in
 * the order in which they came; none is answered before the COMMIT has returned. A batch that fails is
 * rolled back and its members are run one by one; unless the disk failed in COMMIT, when nobody can
 * tell what is on it.
 */
export class GroupCommit {
  readonly #queue: Job[] = [];
  readonly #pending = new Map<string, number>();
  #draining = false;
  /** Since the lock was refused; what the queue itself takes is no reason to give up. */
  #patience: BusyWait | undefined;

  /** @param busyTimeout how long a job may wait for the write lock, in milliseconds. */
  constructor(
    private readonly control: TransactionControl,
    private readonly busyTimeout: number,
  ) {}

  /** Whether a job on this key has not been answered; without a key, any job. */
  isPending(key?: string): boolean {
    return this.#pending.size > 0 && (key === undefined || this.#pending.has(key));
  }

  /** Queue a job that reads or writes what `keys` name. */
  enqueue<T>(keys: readonly string[], decide: () => Decision<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    for (const key of keys) this.#pending.set(key, (this.#pending.get(key) ?? 0) + 1);
    this.#queue.push({
      keys,
      decide,
      settle: (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value as T)),
      queuedAt: timers.now(),
      alone: false,
      outcome: { value: undefined },
    });
    if (!this.#draining) {
      this.#draining = true;
      timers.setImmediate(() => void this.#drain());
    }
    return promise;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      if (this.#tryBatch()) {
        this.#patience = undefined;
        await timers.turn();
      } else {
        this.#patience ??= new BusyWait(this.busyTimeout);
        this.#rejectExpired(this.#patience);
        if (this.#queue.length > 0) await this.#patience.wait();
      }
    }
    this.#patience = undefined;
    this.#draining = false;
  }

  /** @returns false when another connection has the lock. */
  #tryBatch(): boolean {
    try {
      return this.#runBatch();
    } catch (error) {
      // Not even a rollback works: nobody may be left waiting.
      this.#rejectAll(error);
      return true;
    }
  }

  #runBatch(): boolean {
    try {
      this.control.begin();
    } catch (error) {
      if (!this.control.inTransaction()) return this.#failed([], error);
      this.#rejectAll(foreignTransaction());
      return true;
    }
    const batch: Job[] = [];
    let committing = false;
    try {
      this.control.began();
      this.#runJobs(batch);
      committing = true;
      this.control.commit();
    } catch (error) {
      return this.#failed(batch, committing && isIoError(error) ? uncertain(error) : error);
    }
    this.#queue.splice(0, batch.length);
    for (const job of batch) this.#settle(job, job.outcome);
    this.control.committed();
    return true;
  }

  #runJobs(batch: Job[]): void {
    const end = timers.now() + MAX_MILLISECONDS;
    for (const job of this.#queue) {
      if (batch.length > 0 && (job.alone || batch.length >= MAX_JOBS || timers.now() > end)) return;
      batch.push(job);
      job.outcome = run(job);
      // SQLite rolls back by itself after some errors; what came next would commit one by one.
      if ('error' in job.outcome && !this.control.inTransaction()) throw job.outcome.error;
      if (job.alone) return;
    }
  }

  /** After BEGIN, a write or COMMIT threw. */
  #failed(batch: readonly Job[], error: unknown): boolean {
    if (this.control.inTransaction()) this.control.rollback();
    this.control.rolledBack();
    if (isBusy(error)) return false;
    const isUncertain = isStoreError(error) && error.code === 'STORE_UNCERTAIN';
    if (batch.length > 1 && !isUncertain) {
      for (const job of batch) job.alone = true;
    } else {
      for (const job of this.#queue.splice(0, batch.length || 1)) this.#settle(job, { error });
    }
    return true;
  }

  #rejectAll(error: unknown): void {
    for (const job of this.#queue.splice(0)) this.#settle(job, { error });
  }

  #rejectExpired(patience: BusyWait): void {
    if (!patience.expired) return;
    const oldest = timers.now() - this.busyTimeout;
    const fresh = this.#queue.findIndex((job) => job.queuedAt > oldest);
    const message = `Another connection held the lock for ${this.busyTimeout} ms; try again, or raise busyTimeout.`;
    for (const job of this.#queue.splice(0, fresh < 0 ? Infinity : fresh)) {
      this.#settle(job, { error: new StoreError('STORE_BUSY', message) });
    }
  }

  #settle(job: Job, outcome: Outcome): void {
    for (const key of job.keys) {
      const left = (this.#pending.get(key) ?? 1) - 1;
      if (left === 0) this.#pending.delete(key);
      else this.#pending.set(key, left);
    }
    job.settle(outcome);
  }
}

/** Throws only when the job failed while writing. */
function run(job: Job): Outcome {
  let decision: Decision<unknown>;
  try {
    decision = job.decide();
  } catch (error) {
    return { error };
  }
  return { value: 'write' in decision ? decision.write() : decision.result };
}

/** The disk failed in COMMIT: run again, what was made after all would be made twice. */
function uncertain(cause: unknown): StoreError {
  const message = 'The disk failed while committing; load to see whether the write was made.';
  return new StoreError('STORE_UNCERTAIN', message, { cause });
}

function foreignTransaction(): StoreError {
  const message = 'The Database is inside a transaction of its own; end it before calling the store.';
  return new StoreError('STORE_UNSUPPORTED', message);
}
