import {
  BaseStore,
  captureState,
  compareCodePoints,
  type CapturedWrite,
  type CommitResult,
  type ListOptions,
  type Loaded,
  type RemoveOptions,
  type StatePlace,
  type StoreCapabilities,
} from '@nasc/store-core';
import { loadedFromRow } from '../sqlite/loaded-from-row';
import { rowsOfCommit, type Decision, type Row } from '../sqlite/rows-of-commit';
import { keyOf, type RowsWorld } from './rows-world';

type Writes = readonly CapturedWrite<string>[];

/** A versioned store that is right, for the mistakes to differ from in one thing each. */
export class VersionedRowsStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities = Object.freeze({
    atomic: 'instance',
    idempotency: false,
    watch: 'none',
    durability: 'none',
  });
  readonly #rows: Map<string, Row>;
  readonly #epoch: string;

  constructor({ rows, epoch }: RowsWorld) {
    super();
    this.#rows = rows as Map<string, Row>;
    this.#epoch = epoch;
  }

  remove(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
    return this.removeInstance(type, id, options);
  }

  list(type: string, options?: ListOptions): Promise<string[]> {
    return this.listIds(type, options, (after, limit) => this.#readIds(type, after, limit));
  }

  protected override capture(full: unknown, place: StatePlace): string {
    return captureState(full, place);
  }

  protected override readLoaded(type: string, id: string): Loaded | null {
    return loadedFromRow(this.#rows.get(keyOf(type, id)), this.#epoch);
  }

  protected override async write(writes: Writes): Promise<CommitResult> {
    const { revs, rows } = this.decide(writes);
    for (const row of rows) this.#rows.set(keyOf(row.type, row.id), row);
    return { status: 'committed', revs };
  }

  /** Check each `ifRev`, and decide what is written. */
  protected decide(writes: Writes): Decision {
    const before = writes.map(({ type, id }) => this.#rows.get(keyOf(type, id)));
    return rowsOfCommit(
      writes,
      before.map((row) => row && { rev: row.rev, live: row.state !== null }),
    );
  }

  #readIds(type: string, after: string | undefined, limit: number): string[] {
    const live = [...this.#rows.values()].filter((row) => row.type === type && row.state !== null);
    const ids = live.map(({ id }) => id).sort(compareCodePoints);
    return ids.filter((id) => after === undefined || compareCodePoints(id, after) > 0).slice(0, limit);
  }

  protected override shutdown(): void {}
}
