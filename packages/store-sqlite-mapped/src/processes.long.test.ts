import Database from 'better-sqlite3';
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SqliteMappedStore } from './sqlite-mapped-store';
import { APP } from './test-support/open-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

interface Worker {
  child: ChildProcess;
  lines: string[];
  ended: Promise<void>;
}

function start(what: string, path: string, n = 0): Worker {
  const worker = join(__dirname, 'test-support/worker.cjs');
  const child = spawn(process.execPath, [worker, what, path, String(n)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  const lines: string[] = [];
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    const parts = output.split('\n');
    output = parts.pop() ?? '';
    lines.push(...parts);
  });
  return { child, lines, ended: new Promise((resolve) => child.on('close', () => resolve())) };
}

describe('several processes on one mapped database', () => {
  it('two that write and one that reads for ten seconds: nothing torn, nothing acknowledged lost', async () => {
    const path = temp('a.db');
    await using store = new SqliteMappedStore(path, APP);
    await store.persist('TodoList', 'shared', {}, { id: 'shared', items: [] });
    const [one, two, reader] = [start('write', path, 1), start('write', path, 2), start('read', path)];
    await delay(10_000);
    for (const { child } of [one, two, reader]) child.stdin?.end();
    await Promise.all([one.ended, two.ended, reader.ended]);
    expect(reader.lines.filter((line) => !/^read \d+$/.test(line))).toEqual([]);
    expect(reader.lines.length).toBeGreaterThan(0);
    const acknowledged = [...one.lines, ...two.lines].map((line) => line.split(' '));
    expect(acknowledged.filter(([rev]) => !/^\d+$/.test(rev ?? ''))).toEqual([]);
    acknowledged.sort(([a], [b]) => Number(a) - Number(b));
    // Each commit took the next rev, and the list has the last fifty in their order.
    expect(acknowledged.map(([rev]) => Number(rev))).toEqual(acknowledged.map((_, i) => i + 2));
    expect(one.lines.length).toBeGreaterThan(10);
    expect(two.lines.length).toBeGreaterThan(10);
    const { items } = (await store.load('TodoList', 'shared')) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(acknowledged.slice(-50).map(([, id]) => id));
  });

  it('an upgrade that is killed at any moment leaves the old tables or the new', async () => {
    const large = temp('large.db');
    copyFileSync(join(__dirname, '../fixtures/legacy-mapped.db'), large);
    chmodSync(large, 0o644);
    const database = new Database(large);
    database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO todos SELECT 'k' || i, 'title', 0, 'my-list' FROM n`);
    database.close();
    const outcomes = { old: 0, new: 0 };
    for (let round = 0; round < 12; round++) {
      const path = temp(`round-${round}.db`);
      copyFileSync(large, path);
      const { child, ended } = start('open', path);
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), round * 30));
      await ended;
      const after = new Database(path);
      const columns = after.prepare("SELECT name FROM pragma_table_xinfo('todos')").pluck().all();
      outcomes[columns.includes('_na_row') ? 'new' : 'old']++;
      expect(after.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(after.prepare("SELECT count(*) FROM todos WHERE todo_list_id = 'my-list'").pluck().get()).toBe(
        20_004,
      );
      expect(
        after.prepare("SELECT count(*) FROM sqlite_master WHERE name GLOB '_na_new_*'").pluck().get(),
      ).toBe(0);
      after.close();
      await using store = new SqliteMappedStore(path, APP);
      const { items } = (await store.load('TodoList', 'my-list')) as { items: { id: string }[] };
      expect(items.map(({ id }) => id).slice(0, 5)).toEqual(['3', '1', '2', '10', 'k1']);
      expect(items).toHaveLength(20_004);
    }
    expect(outcomes.old).toBeGreaterThan(0);
    expect(outcomes.new).toBeGreaterThan(0);
  }, 180_000);
});
