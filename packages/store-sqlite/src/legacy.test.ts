import Database from 'better-sqlite3';
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteStore } from './sqlite-store';
import { BUILT, runNode } from './test-support/run-node';
import { useTempFolder } from '@nasc/test-support';

const FIXTURE = join(__dirname, '../fixtures/legacy-json.db');
const EXPECTED = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/legacy-json.expected.json'), 'utf8'),
) as Record<string, Record<string, unknown>>;

const temp = useTempFolder();

/** A copy of the database that the original wrote, a store on it, and an older program's connection. */
function open(): { path: string; store: SqliteStore; older: Database.Database } {
  const path = temp('legacy.db');
  copyFileSync(FIXTURE, path);
  chmodSync(path, 0o644);
  const [store, older] = [new SqliteStore(path), new Database(path)];
  closing.push(store, older);
  return { path, store, older };
}
const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

describe('a database written by the original', () => {
  it('opens as it is, and every instance loads', async () => {
    const { store, older } = open();
    const before = older.prepare('SELECT * FROM users UNION ALL SELECT * FROM todolists').all();
    for (const [type, instances] of Object.entries(EXPECTED)) {
      for (const [id, state] of Object.entries(instances)) {
        expect(JSON.stringify(await store.load(type, id))).toBe(JSON.stringify(state));
        expect(await store.loadVersioned(type, id)).toMatchObject({ rev: 1 });
      }
      expect(await store.list(type)).toEqual(Object.keys(instances).sort());
    }
    expect(older.prepare('SELECT * FROM users UNION ALL SELECT * FROM todolists').all()).toEqual(before);
    expect(older.prepare("SELECT count(*) FROM sqlite_master WHERE name LIKE 'User%'").pluck().get()).toBe(1);
  });

  it.each<[string, string]>([
    ["an older program's REPLACE", `REPLACE INTO users (id, data) VALUES ('guest-1', '{"name":"older"}')`],
    ['a hand-run UPDATE', `UPDATE users SET data = '{"name":"older"}' WHERE id = 'guest-1'`],
    ['an UPDATE that renames another row to it', `DELETE FROM users WHERE id = 'guest-1'; UPDATE users SET id = 'guest-1', data = '{"name":"older"}' WHERE id = 'currentUser'`], // prettier-ignore
    [
      'an UPDATE that replaces it with another row',
      `UPDATE OR REPLACE users SET id = 'guest-1', data = '{"name":"older"}' WHERE id = 'currentUser'`,
    ],
    [
      'an INSERT OR REPLACE with the row never seen by us',
      `INSERT OR REPLACE INTO users VALUES ('guest-1', '{"name":"older"}')`,
    ],
  ])('%s raises the rev and defeats a stale ifRev', async (_name, statement) => {
    const { store, older } = open();
    const { rev } = (await store.loadVersioned('User', 'guest-1'))!;
    older.exec(statement);
    const write = { type: 'User', id: 'guest-1', diff: {}, full: { name: 'ours' } };
    await expect(store.commit([{ ...write, ifRev: rev }])).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
      expected: rev,
    });
    const now = (await store.loadVersioned('User', 'guest-1'))!;
    expect(now.state).toEqual({ name: 'older' });
    expect(now.rev).toBeGreaterThan(rev);
    expect(await store.commit([{ ...write, ifRev: now.rev }])).toMatchObject({ revs: [now.rev + 1] });
  });

  it('counts what an older program does to rows that no store has touched', async () => {
    const { store, older } = open();
    await store.load('User', 'guest-1');
    older.exec(`REPLACE INTO users (id, data) VALUES ('currentUser', '{"name":"older"}')`);
    expect(await store.loadVersioned('User', 'currentUser')).toMatchObject({ rev: 2 });
    older.exec(`DELETE FROM users`);
    expect(await store.load('User', 'currentUser')).toBeNull();
    older.exec(`INSERT INTO users VALUES ('currentUser', '{}'), ('guest-1', '{}'), ('new', '{}')`);
    const revs = await Promise.all(
      ['currentUser', 'guest-1', 'new'].map((id) => store.loadVersioned('User', id)),
    );
    expect(revs.map((loaded) => loaded?.rev)).toEqual([4, 3, 1]);
  });

  it('loads from a file that cannot be written, and leaves it byte for byte', async () => {
    const path = temp('legacy.db');
    copyFileSync(FIXTURE, path);
    for (const [file, mode] of [[path, 0o444], [temp('.'), 0o755]] as const) chmodSync(file, mode); // prettier-ignore
    // Root may write to any file: become nobody, once the driver is loaded.
    const script = `
      const { SqliteStore } = require(process.argv[1]);
      const store = new SqliteStore(process.argv[2]);
      if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
      const codeOf = (promise) => promise.then(() => 'written', (error) => error.code);
      (async () => {
        const loaded = await store.loadVersioned('User', 'guest-1');
        const writing = codeOf(store.persist('User', 'guest-1', {}, {}));
        const queued = store.load('User', 'guest-1');
        console.log(JSON.stringify({
          name: loaded.state.name, rev: loaded.rev, ids: (await store.list('TodoList')).length,
          absent: await store.load('Absent', 'x'), write: await writing, queued: (await queued).name,
          stale: await codeOf(store.commit([{ type: 'User', id: 'guest-1', diff: {}, full: {}, ifRev: 9 }])),
          watch: await codeOf(store.watch(() => {})),
        }));
        await store.close();
      })();`;
    const { stdout, stderr, code } = await runNode(script, [BUILT, path]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      name: 'Guest', rev: 1, ids: 3, absent: null, write: 'STORE_READONLY', queued: 'Guest',
      stale: 'STORE_CONFLICT', watch: 'STORE_READONLY',
    }); // prettier-ignore
    expect(readFileSync(path).equals(readFileSync(FIXTURE))).toBe(true);
  });

  it('is read with { readonly: true } without being changed', async () => {
    const path = temp('legacy.db');
    copyFileSync(FIXTURE, path);
    chmodSync(path, 0o644);
    const store = new SqliteStore(path, { readonly: true });
    closing.push(store);
    expect(await store.load('User', '日本')).toEqual(EXPECTED.User?.['日本']);
    await expect(store.persist('User', '日本', {}, {})).rejects.toMatchObject({ code: 'STORE_READONLY' });
    expect(readFileSync(path).equals(readFileSync(FIXTURE))).toBe(true);
  });
});
