/**
 * Commits for a long time, and tells at regular intervals what it takes up. Node runs this file as it
 * is, with --expose-gc, so that it measures nothing of Jest.
 *
 * argv: the location and the number of commits. A line of JSON for each of ten samples.
 */
import { readdirSync, statSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { timers } from '@nasc/store-core';
import { SqliteStore } from '@nasc/store-sqlite';

/** What a process and its database take up. */
export interface EnduranceSample {
  readonly commits: number;
  readonly seconds: number;
  readonly heap: number;
  readonly descriptors: number;
  readonly wal: number;
  readonly file: number;
  readonly events: number;
  readonly tombstones: number;
  /** How many commits there are in one retention. */
  readonly retained: number;
}

/**
 * Retentions are short, so that what is to be forgotten comes by often; and the store's clock moves with the
 * commits, so that how much comes in a retention is the same on every machine.
 */
const RETENTION = 1_000;
const COMMITS_PER_MILLISECOND = 2;
const LANES = 64;

async function main([location = '', count = '0']: string[]): Promise<void> {
  const store = new SqliteStore(location, { eventRetention: RETENTION, tombstoneRetention: RETENTION });
  const started = timers.steadyTime();
  let n = 0;
  timers.steadyTime = () => started + Math.floor(n / COMMITS_PER_MILLISECOND);
  await store.persist('T', '0', {}, { n: 0 });
  const beside = new Database(location, { readonly: true });
  const began = performance.now();
  const total = Number(count);
  for (let sample = 1; sample <= 10; sample++) {
    const until = Math.floor((total * sample) / 10);
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        while (n < until) await commit(store, n++);
      }),
    );
    globalThis.gc?.();
    const number = (sql: string): number => beside.prepare(sql).pluck().get() as number;
    const taken: EnduranceSample = {
      commits: n,
      seconds: (performance.now() - began) / 1_000,
      heap: process.memoryUsage().heapUsed,
      descriptors: readdirSync('/proc/self/fd').length,
      wal: statSync(`${location}-wal`).size,
      file: statSync(location).size,
      events: number('SELECT count(*) FROM _nasc_events'),
      tombstones: number('SELECT count(*) FROM _nasc_revs WHERE removed = 1'),
      retained: RETENTION * COMMITS_PER_MILLISECOND,
    };
    writeSync(1, `${JSON.stringify(taken)}\n`);
  }
  beside.close();
  await store.close();
}

/** Half of the commits change one of 200 instances, with an event id; the others create one or remove one. */
async function commit(store: SqliteStore, n: number): Promise<void> {
  const full = { n, text: 'x'.repeat(n % 500) };
  if (n % 2) {
    await store.commit([{ type: 'T', id: String(n % 400), diff: {}, full }], { eventId: `e${n}` });
  } else {
    const id = `short-lived ${n - (n % 4)}`;
    await store.commit([{ type: 'T', id, diff: {}, full: n % 4 ? null : full }]);
  }
}

await main(process.argv.slice(2));
