import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import Database from 'better-sqlite3';
import { SqliteStore } from './sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close();
});

function store(...args: ConstructorParameters<typeof SqliteStore>): SqliteStore {
  const made = new SqliteStore(...args);
  closing.push(made);
  return made;
}

/** Another SQLite of this process opens and closes the file: it takes itself for the last and removes the WAL. */
function lookWithAnotherSqlite(path: string): void {
  const other = new DatabaseSync(path);
  other.prepare('SELECT count(*) FROM Ts').get();
  other.close();
}

/** The ids of the type T, as another SQLite sees them. */
function seenByOthers(path: string): unknown[] {
  const other = new DatabaseSync(path, { readOnly: true });
  try {
    return other
      .prepare('SELECT id FROM Ts ORDER BY id')
      .all()
      .map(({ id }) => id);
  } finally {
    other.close();
  }
}

describe('the files of an open store', () => {
  it('may lose their WAL to another SQLite: what is acknowledged is on disk, and reads go on', async () => {
    const path = temp('a.db');
    const held = store(path);
    await held.persist('T', 'a', {}, { n: 1 });
    const hints: string[] = [];
    await held.watch(({ id }) => hints.push(id));
    for (const id of ['b', 'c', 'd']) {
      lookWithAnotherSqlite(path);
      expect(existsSync(`${path}-wal`)).toBe(false);
      await held.persist('T', id, {}, { id });
      expect(seenByOthers(path)).toContain(id);
      lookWithAnotherSqlite(path);
      expect(await held.load('T', id)).toEqual({ id });
    }
    expect(await held.list('T')).toEqual(['a', 'b', 'c', 'd']);
    expect(hints).toEqual(['b', 'c', 'd']);
  });

  it('that were deleted are no longer written: STORE_IO, until they are back', async () => {
    const path = temp('a.db');
    const held = store(path);
    await held.persist('T', 'a', {}, { n: 1 });
    renameSync(path, temp('aside.db'));
    const refusal = { code: 'STORE_IO', message: expect.stringContaining('moved, deleted or replaced') };
    await expect(held.persist('T', 'b', {}, {})).rejects.toMatchObject(refusal);
    await expect(held.load('T', 'a')).rejects.toMatchObject(refusal);
    expect(existsSync(path)).toBe(false);
    renameSync(temp('aside.db'), path);
    await held.persist('T', 'b', {}, {});
    expect(await held.list('T')).toEqual(['a', 'b']);
  });

  it('that were replaced are no longer written, and the new ones left alone', async () => {
    const [path, other] = [temp('a.db'), temp('other.db')];
    const [held, another] = [store(path), store(other)];
    await held.persist('T', 'mine', {}, {});
    await another.persist('T', 'theirs', {}, {});
    await another.close();
    renameSync(other, path);
    await expect(held.persist('T', 'b', {}, {})).rejects.toMatchObject({ code: 'STORE_IO' });
    await held.close();
    expect(await store(path).list('T')).toEqual(['theirs']);
  });

  it("of a caller's Database are looked at too, and not opened again by the store", async () => {
    const path = temp('a.db');
    const database = new Database(path);
    closing.push(database);
    database.pragma('journal_mode = WAL');
    const held = store(database);
    await held.persist('T', 'a', {}, {});
    lookWithAnotherSqlite(path);
    await expect(held.persist('T', 'b', {}, {})).rejects.toMatchObject({
      code: 'STORE_IO',
      message: expect.stringContaining('Close the Database'),
    });
  });

  it('with the WAL of another database beside them are not opened', async () => {
    const [path, copy] = [temp('a.db'), temp('copy.db')];
    const held = store(path);
    await held.persist('T', 'a', {}, { n: 1 });
    await held.backup(copy);
    await held.persist('T', 'a', {}, { n: 2 });
    // As after a kill: the file and its WAL as they are, then the backup over the file.
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, temp(`killed.db${suffix}`));
    copyFileSync(copy, temp('killed.db'));
    const opening = store(temp('killed.db')).load('T', 'a');
    await expect(opening).rejects.toMatchObject({ code: 'STORE_IO' });
    await expect(opening).rejects.toThrow('restore()');
    rmSync(temp('killed.db-wal'));
    expect(await store(temp('killed.db')).load('T', 'a')).toEqual({ n: 1 });
  });
});
