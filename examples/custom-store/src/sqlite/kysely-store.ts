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
import { Kysely, sql, SqliteDialect } from 'kysely';
import { resolve } from 'node:path';
import { HintChannel } from './hint-channel.ts';
import { loadedFromRow } from './loaded-from-row.ts';
import { openDatabase } from './open-database.ts';
import { EVENT_RETENTION, eventKey, recordedText, recordedWrites } from './recorded-event.ts';
import { retryWhileBusy } from './retry-while-busy.ts';
import { rowsOfCommit, type Row } from './rows-of-commit.ts';
import { sqliteErrorCode } from './sqlite-error-code.ts';

interface Tables {
  instances: Row;
  events: { event_id: string; at: number; done: string };
  epoch: { epoch: string };
}

type Writes = readonly CapturedWrite<string>[];

/** A Nasc store through Kysely, a query builder whose drivers are all asynchronous. */
export class KyselyStore extends BaseStore<string> {
  readonly capabilities: StoreCapabilities;

  /** A call that finds the database locked tries again later: BaseStore must keep the others behind it. */
  protected override readonly keepsCallOrder = false;
  readonly #path: string;
  readonly #hints: HintChannel;
  readonly #tell = (hint: Hint): void => this.emit(hint);
  #opened: { client: Database; db: Kysely<Tables>; epoch: string } | undefined;

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
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: client }) });
    const { epoch } = await db.selectFrom('epoch').select('epoch').executeTakeFirstOrThrow();
    this.#opened = { client, db, epoch };
  }

  protected override async readLoaded(type: string, id: string): Promise<Loaded | null> {
    const { db, epoch } = this.#opened!;
    const query = db.selectFrom('instances').selectAll().where('type', '=', type).where('id', '=', id);
    return loadedFromRow(await query.executeTakeFirst(), epoch);
  }

  protected override async write(writes: Writes, eventId: string | undefined): Promise<CommitResult> {
    const result = await retryWhileBusy(() =>
      this.#transaction((within) => commitWithin(within, writes, eventId)),
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

  async #readIds(type: string, after: string | undefined, limit: number): Promise<string[]> {
    const { db } = this.#opened!;
    let query = db
      .selectFrom('instances')
      .select('id')
      .where('type', '=', type)
      .where('state', 'is not', null);
    if (after !== undefined) query = query.where('id', '>', after);
    const rows = await query.orderBy('id').limit(limit).execute();
    return rows.map(({ id }) => id);
  }

  async #revsOfEvent(eventId: string): Promise<number[] | undefined> {
    const { db } = this.#opened!;
    const query = db.selectFrom('events').select('done').where('event_id', '=', eventKey(eventId));
    const first = await query.executeTakeFirst();
    return first && recordedWrites(first.done).map(({ rev }) => rev);
  }

  /**
   * Kysely's own transactions are DEFERRED: they would read first and find at the first write that
   * another one has written since. IMMEDIATE takes the lock before anything is read. Kysely gives its
   * one connection to one of us at a time, so that other queries of this handle wait for the end.
   */
  #transaction<T>(work: (within: Kysely<Tables>) => Promise<T>): Promise<T> {
    const { db, client } = this.#opened!;
    return db.connection().execute(async (connection) => {
      await sql`begin immediate`.execute(connection);
      try {
        const result = await work(connection);
        await sql`commit`.execute(connection);
        return result;
      } finally {
        // Some errors, such as a full disk, have SQLite roll back by itself.
        if (client.inTransaction) await sql`rollback`.execute(connection);
      }
    });
  }
}

async function commitWithin(
  within: Kysely<Tables>,
  writes: Writes,
  eventId: string | undefined,
): Promise<CommitResult> {
  const at = Date.now();
  if (eventId !== undefined) {
    await within
      .deleteFrom('events')
      .where('at', '<', at - EVENT_RETENTION)
      .execute();
    const query = within.selectFrom('events').select('done').where('event_id', '=', eventKey(eventId));
    const first = await query.executeTakeFirst();
    if (first !== undefined) return duplicateOf(recordedWrites(first.done), writes);
  }
  const before = [];
  for (const { type, id } of writes) {
    const query = within
      .selectFrom('instances')
      // Not the state itself: a commit needs to know only whether there is one.
      .select(['rev', ({ eb }) => eb('state', 'is not', null).as('live')])
      .where('type', '=', type)
      .where('id', '=', id);
    before.push(await query.executeTakeFirst());
  }
  const { revs, rows } = rowsOfCommit(writes, before);
  for (const row of rows) {
    const { rev, state } = row;
    const insert = within.insertInto('instances').values(row);
    await insert.onConflict((found) => found.columns(['type', 'id']).doUpdateSet({ rev, state })).execute();
  }
  if (eventId !== undefined) {
    const done = recordedText(writes, revs);
    await within
      .insertInto('events')
      .values({ event_id: eventKey(eventId), at, done })
      .execute();
  }
  return { status: 'committed', revs };
}
