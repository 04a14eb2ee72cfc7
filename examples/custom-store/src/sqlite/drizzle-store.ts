import {
  BaseStore,
  captureState,
  duplicateOf,
  hintsOf,
  type CapturedWrite,
  type CommitResult,
  type Hint,
  type ListOptions,
  type Loaded,
  type RemoveOptions,
  type StatePlace,
  type StoreCapabilities,
  type StoreErrorCode,
} from '@nasc/store-core';
import type { Database } from 'better-sqlite3';
import { and, asc, eq, gt, isNotNull, lt, sql } from 'drizzle-orm';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { resolve } from 'node:path';
import { HintChannel } from './hint-channel.ts';
import { loadedFromRow } from './loaded-from-row.ts';
import { openDatabase } from './open-database.ts';
import { EVENT_RETENTION, eventKey, recordedText, recordedWrites } from './recorded-event.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { rowsOfCommit } from './rows-of-commit.ts';
import { sqliteErrorCode } from './sqlite-error-code.ts';

const instances = sqliteTable(
  'instances',
  { type: text().notNull(), id: text().notNull(), rev: integer().notNull(), state: text() },
  (table) => [primaryKey({ columns: [table.type, table.id] })],
);
const events = sqliteTable('events', {
  eventId: text('event_id').primaryKey(),
  at: integer().notNull(),
  done: text().notNull(),
});
const epochs = sqliteTable('epoch', { epoch: text().notNull() });

type Writes = readonly CapturedWrite<string>[];

/** A Nasc store through Drizzle ORM, whose driver for better-sqlite3 is synchronous. */
export class DrizzleStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities;

  readonly #path: string;
  readonly #hints: HintChannel;
  readonly #tell = (hint: Hint): void => this.emit(hint);
  #opened: { client: Database; db: BetterSQLite3Database; epoch: string } | undefined;

  /**
   * @param path of the database file; made if it is not there.
   * @param durability `relaxed` is faster; a power cut may take the last writes.
   */
  constructor(path: string, durability: 'fsync' | 'relaxed' = 'fsync') {
    super();
    this.capabilities = Object.freeze({ atomic: 'multi', idempotency: true, watch: 'process', durability });
    this.#path = resolve(path);
    this.#hints = new HintChannel(this.#path);
  }

  remove(type: string, id: string, options?: RemoveOptions): Promise<boolean> {
    return this.removeInstance(type, id, options);
  }

  list(type: string, options?: ListOptions): Promise<string[]> {
    return this.listIds(type, options, (after, limit) => this.#readIds(type, after, limit));
  }

  watch(listener: (hint: Hint) => void): Promise<() => Promise<void>> {
    return this.subscribe(listener);
  }

  findEvent(eventId: string): Promise<CommitResult | null> {
    return this.lookUpEvent(eventId, (known) => this.#revsOfEvent(known));
  }

  protected override capture(full: unknown, place: StatePlace): string {
    return captureState(full, place);
  }

  protected override async open(): Promise<void> {
    const client = await openDatabase(this.#path, this.capabilities.durability);
    const db = drizzle({ client });
    const [row] = db.select().from(epochs).all();
    this.#opened = { client, db, epoch: row?.epoch ?? '' };
  }

  protected override readLoaded(type: string, id: string): Loaded | null {
    const { db, epoch } = this.#opened!;
    const row = db.select().from(instances).where(keyIs({ type, id })).get();
    return loadedFromRow(row, epoch);
  }

  protected override async write(writes: Writes, eventId: string | undefined): Promise<CommitResult> {
    const { db } = this.#opened!;
    // IMMEDIATE takes the lock before anything is read: what is decided on cannot change meanwhile.
    const result = await retryWhileBusy(() =>
      db.transaction((tx) => commitWithin(tx, writes, eventId), { behavior: 'immediate' }),
    );
    if (result.status === 'committed') this.#hints.send(hintsOf(writes, result.revs));
    return result;
  }

  protected override watching(active: boolean): void {
    this.#hints.watching(this.#tell, active);
  }

  protected override shutdown(): void {
    this.#opened?.client.close();
  }

  protected override codeOf(cause: unknown): StoreErrorCode | undefined {
    return sqliteErrorCode(cause);
  }

  #readIds(type: string, after: string | undefined, limit: number): string[] {
    const { db } = this.#opened!;
    const wanted = and(
      eq(instances.type, type),
      isNotNull(instances.state),
      after === undefined ? undefined : gt(instances.id, after),
    );
    const page = db.select({ id: instances.id }).from(instances).where(wanted);
    return page
      .orderBy(asc(instances.id))
      .limit(limit)
      .all()
      .map(({ id }) => id);
  }

  #revsOfEvent(eventId: string): number[] | undefined {
    const { db } = this.#opened!;
    const query = db
      .select()
      .from(events)
      .where(eq(events.eventId, eventKey(eventId)));
    const first = query.get();
    return first && recordedWrites(first.done).map(({ rev }) => rev);
  }
}

type Transaction = Parameters<Parameters<BetterSQLite3Database['transaction']>[0]>[0];

function commitWithin(tx: Transaction, writes: Writes, eventId: string | undefined): CommitResult {
  const at = Date.now();
  if (eventId !== undefined) {
    tx.delete(events)
      .where(lt(events.at, at - EVENT_RETENTION))
      .run();
    const first = tx
      .select()
      .from(events)
      .where(eq(events.eventId, eventKey(eventId)))
      .get();
    if (first !== undefined) return duplicateOf(recordedWrites(first.done), writes);
  }
  // Not the state itself: a commit needs to know only whether there is one.
  const live = sql<number>`${instances.state} is not null`;
  const columns = { rev: instances.rev, live };
  const before = writes.map((write) => tx.select(columns).from(instances).where(keyIs(write)).get());
  const { revs, rows } = rowsOfCommit(writes, before);
  for (const row of rows) {
    const { rev, state } = row;
    const target = [instances.type, instances.id];
    tx.insert(instances).values(row).onConflictDoUpdate({ target, set: { rev, state } }).run();
  }
  if (eventId !== undefined)
    tx.insert(events)
      .values({ eventId: eventKey(eventId), at, done: recordedText(writes, revs) })
      .run();
  return { status: 'committed', revs };
}

function keyIs({ type, id }: { type: string; id: string }) {
  return and(eq(instances.type, type), eq(instances.id, id));
}
