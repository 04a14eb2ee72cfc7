import Database from 'better-sqlite3';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeProcess, useTempFolder } from '@nasc/test-support';
import { SqliteMappedStore } from './sqlite-mapped-store';
import { APP } from './test-support/open-store';

const temp = useTempFolder();
afterEach(() => NodeProcess.killAll());

/** What each of the writers writes at the least, and the reader reads. */
const COMMITS = 500;
const READS = 500;

function start(what: string, path: string, n = 0): NodeProcess {
  return NodeProcess.start([join(__dirname, 'test-support/worker.cjs'), what, path, String(n)]);
}

describe('several processes on one mapped database', () => {
  it('two that write and one that reads: nothing torn, nothing acknowledged lost', async () => {
    const path = temp('a.db');
    await using store = new SqliteMappedStore(path, APP);
    await store.persist('TodoList', 'shared', {}, { id: 'shared', items: [] });
    const [one, two, reader] = [start('write', path, 1), start('write', path, 2), start('read', path)];
    const printed = (process: NodeProcess, lines: number): Promise<unknown> =>
      process.until(({ length }) => (length >= lines ? true : undefined));
    await Promise.all([printed(one, COMMITS), printed(two, COMMITS), printed(reader, READS / 100)]);
    for (const process of [one, two, reader]) process.closeInput();
    const ended = await Promise.all([one.ended, two.ended, reader.ended]);
    expect(ended).toMatchObject(ended.map(() => ({ code: 0, stderr: '' })));
    expect(reader.lines.filter((line) => !/^read \d+$/.test(line))).toEqual([]);
    const acknowledged = [...one.lines, ...two.lines].map((line) => line.split(' '));
    expect(acknowledged.filter(([rev]) => !/^\d+$/.test(rev ?? ''))).toEqual([]);
    acknowledged.sort(([a], [b]) => Number(a) - Number(b));
    // Each commit took the next rev, and the list has the last fifty in their order.
    expect(acknowledged.map(([rev]) => Number(rev))).toEqual(acknowledged.map((_, i) => i + 2));
    const { items } = (await store.load('TodoList', 'shared')) as { items: { id: string }[] };
    expect(items.map(({ id }) => id)).toEqual(acknowledged.slice(-50).map(([, id]) => id));
  }, 600_000);

  it('an upgrade that is killed at any moment leaves the old tables or the new', async () => {
    const large = temp('large.db');
    copyFileSync(join(__dirname, '../fixtures/legacy-mapped.db'), large);
    chmodSync(large, 0o644);
    const database = new Database(large);
    database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO todos SELECT 'k' || i, 'title', 0, 'my-list' FROM n`);
    database.close();
    const statements = (upgrade: NodeProcess): number =>
      upgrade.lines.filter((line) => line === 'statement').length;
    const whole = temp('whole.db');
    copyFileSync(large, whole);
    const all = start('open', whole);
    expect(await all.ended).toMatchObject({ code: 0, stderr: '' });
    await expectList(whole);
    const itself: string[] = [];
    for (let round = 0; round < 12; round++) {
      const n = 1 + Math.round(((statements(all) - 1) * round) / 11);
      // Before a statement; and once more while it runs, or when it is over.
      for (const by of ['itself', 'outside']) {
        const path = temp(`${round}-${by}.db`);
        copyFileSync(large, path);
        const upgrade = start('open', path, by === 'itself' ? n : 0);
        await upgrade.until(() => (statements(upgrade) >= n ? true : undefined));
        await (by === 'itself' ? upgrade.ended : upgrade.kill());
        const outcome = outcomeOf(path);
        if (by === 'itself') itself.push(outcome);
        await expectList(path);
      }
    }
    expect([itself.at(0), itself.at(-1)]).toEqual(['old', 'new']);
    expect(itself).toEqual(itself.toSorted().toReversed());
  }, 600_000);
});

/** Which tables an upgrade has left; they must be whole. */
function outcomeOf(path: string): 'old' | 'new' {
  const after = new Database(path);
  const columns = after.prepare("SELECT name FROM pragma_table_xinfo('todos')").pluck().all();
  expect(after.pragma('integrity_check', { simple: true })).toBe('ok');
  const rows = "SELECT count(*) FROM todos WHERE todo_list_id = 'my-list'";
  expect(after.prepare(rows).pluck().get()).toBe(20_004);
  const unfinished = "SELECT count(*) FROM sqlite_master WHERE name GLOB '_na_new_*'";
  expect(after.prepare(unfinished).pluck().get()).toBe(0);
  after.close();
  return columns.includes('_na_row') ? 'new' : 'old';
}

/** A store upgrades what is not, and finds all items in order. */
async function expectList(path: string): Promise<void> {
  await using store = new SqliteMappedStore(path, APP);
  const { items } = (await store.load('TodoList', 'my-list')) as { items: { id: string }[] };
  expect(items.map(({ id }) => id).slice(0, 5)).toEqual(['3', '1', '2', '10', 'k1']);
  expect(items).toHaveLength(20_004);
}
