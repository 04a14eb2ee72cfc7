import { timers } from '@nasc/store-core';
import Database from 'better-sqlite3';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stopClock, useTempFolder } from '@nasc/test-support';
import { sqliteSettings, type SqliteOptions } from './sqlite-settings';
import { SqliteDriver } from './sqlite-driver';
import type { SqliteDatabase } from './sqlite-database';

const temp = useTempFolder();
const closing: { close(): unknown }[] = [];
afterEach(() => {
  closing.splice(0).forEach((one) => one.close());
  jest.restoreAllMocks();
});

async function driver(source: string | SqliteDatabase, options: SqliteOptions = {}): Promise<SqliteDriver> {
  const made = new SqliteDriver(source, sqliteSettings(source, options, []), {
    rolledBack() {},
    schemaChanged() {},
    hint() {},
  });
  closing.push(made);
  await made.open();
  return made;
}

const PRAGMAS = [
  'busy_timeout', 'journal_mode', 'synchronous', 'foreign_keys', 'journal_size_limit', 'cache_size', 'temp_store',
  'mmap_size', 'trusted_schema',
]; // prettier-ignore

function pragmas(opened: SqliteDriver): unknown[] {
  return PRAGMAS.map((name) => opened.prepare(`PRAGMA ${name}`).pluck().get());
}

describe('SqliteDriver', () => {
  it('sets the pragmas, durable by default', async () => {
    expect(pragmas(await driver(temp('a.db')))).toEqual([0, 'wal', 2, 1, 67_108_864, -16_000, 2, 0, 0]);
    expect(pragmas(await driver(temp('a.db'), { durability: 'relaxed' }))[2]).toBe(1);
  });

  it('lets every pragma be overridden', async () => {
    const own = {
      busy_timeout: 7,
      journal_mode: 'DELETE',
      synchronous: 'EXTRA',
      cache_size: -99,
      foreign_keys: 'OFF',
    };
    const opened = await driver(temp('a.db'), { pragmas: own });
    expect(pragmas(opened).slice(0, 6)).toEqual([7, 'delete', 3, 0, 67_108_864, -99]);
  });

  it('waits for a lock without holding the event loop, then gives up with STORE_BUSY', async () => {
    const path = temp('a.db');
    const opened = await driver(path, { busyTimeout: 100 });
    const other = new Database(path);
    closing.push(other);
    other.exec('BEGIN IMMEDIATE');
    const clock = stopClock(timers);
    const outcomes: unknown[] = [];
    const write = opened
      .write(['k'], () => ({ write: () => 'written' }))
      .catch((error: unknown) => outcomes.push(error));
    for (let turn = 0; turn < 1_000; turn++) await nextTurn();
    clock.advance(99);
    for (let turn = 0; turn < 1_000; turn++) await nextTurn();
    expect(outcomes).toEqual([]);
    clock.advance(1);
    await write;
    expect(outcomes).toMatchObject([{ code: 'STORE_BUSY' }]);
    other.exec('COMMIT');
    expect(await opened.write(['k'], () => ({ write: () => 'written' }))).toBe('written');
  });

  it('goes on when the lock is free, in the order of the calls', async () => {
    const path = temp('a.db');
    const opened = await driver(path);
    const other = new Database(path);
    closing.push(other);
    other.exec('BEGIN IMMEDIATE');
    const log: string[] = [];
    const calls = [
      opened.write(['k'], () => ({ write: () => log.push('first') })),
      opened.read('k', () => log.push('read')),
      opened.write(['k'], () => ({ write: () => log.push('second') })),
      opened.read('other', () => log.push('not behind them')),
    ];
    await calls[3];
    other.exec('COMMIT');
    await Promise.all(calls);
    expect(log).toEqual(['not behind them', 'first', 'read', 'second']);
  });

  it('refuses an SQLite that can corrupt a database in WAL mode', async () => {
    const old = {
      ...{ name: 'x', open: true, memory: true, readonly: false, inTransaction: false },
      prepare: () => ({ pluck: () => ({ get: () => '3.51.2' }) }),
      pragma: () => 'memory',
      exec: () => undefined,
      close: () => undefined,
    } as unknown as SqliteDatabase;
    await expect(driver(old)).rejects.toMatchObject({ code: 'STORE_DEPENDENCY' });
  });
});
