import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
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

/** A store at n = 2, and a backup of it at n = 1. */
async function withBackup(path: string, backup: string): Promise<SqliteStore> {
  const held = store(path);
  await held.persist('T', 'a', {}, { n: 1 });
  await held.backup(backup);
  await held.persist('T', 'a', {}, { n: 2 });
  await held.persist('T', 'b', {}, {});
  return held;
}

describe('restore', () => {
  it('puts a backup in the place of the database, with its revs and a new epoch', async () => {
    const held = await withBackup(temp('a.db'), temp('backup.db'));
    const { epoch } = (await held.loadVersioned('T', 'a')) ?? {};
    const hints: string[] = [];
    await held.watch(({ id, rev }) => hints.push(`${id}@${rev}`));
    const earlier = held.persist('T', 'before', {}, {});
    const restoring = held.restore(temp('backup.db'));
    const later = held.persist('T', 'after', {}, {});
    await Promise.all([earlier, restoring, later]);
    const restored = await held.loadVersioned('T', 'a');
    expect(restored).toMatchObject({ state: { n: 1 }, rev: 1 });
    expect(restored?.epoch).not.toBe(epoch);
    expect(await held.list('T')).toEqual(['a', 'after']);
    await held.persist('T', 'a', {}, { n: 3 });
    expect(hints).toEqual(['before@1', 'after@1', 'a@2']);
    const copy = store(temp('backup.db'));
    expect((await copy.loadVersioned('T', 'a'))?.epoch).not.toBe(restored?.epoch);
  });

  it('is safe with the WAL of a killed process beside the database', async () => {
    const held = await withBackup(temp('a.db'), temp('backup.db'));
    for (const suffix of ['', '-wal']) copyFileSync(temp('a.db') + suffix, temp(`killed.db${suffix}`));
    await held.close();
    for (const name of ['killed.db', 'copied-over.db']) {
      if (name === 'copied-over.db') {
        copyFileSync(temp('backup.db'), temp(name));
        writeFileSync(temp(`${name}-wal`), Buffer.alloc(100, 7));
      }
      const killed = store(temp(name));
      await killed.restore(temp('backup.db'));
      expect(await killed.list('T')).toEqual(['a']);
      expect(await killed.load('T', 'a')).toEqual({ n: 1 });
    }
  });

  it('makes the database where there is none, and replaces a damaged one', async () => {
    await (await withBackup(temp('a.db'), temp('backup.db'))).close();
    writeFileSync(temp('damaged.db'), 'not a database at all, whatever its name says');
    for (const name of ['new.db', 'damaged.db']) {
      const made = store(temp(name));
      await made.restore(temp('backup.db'));
      expect(await made.load('T', 'a')).toEqual({ n: 1 });
    }
  });

  it('is refused while another handle has the database open, and changes nothing then', async () => {
    const held = await withBackup(temp('a.db'), temp('backup.db'));
    const other = store(temp('a.db'));
    await other.load('T', 'a');
    await expect(held.restore(temp('backup.db'))).rejects.toMatchObject({ code: 'STORE_BUSY' });
    for (const handle of [held, other]) expect(await handle.load('T', 'a')).toEqual({ n: 2 });
    await other.close();
    await held.restore(temp('backup.db'));
    expect(await held.load('T', 'a')).toEqual({ n: 1 });
  });

  it.each([
    ['a file that is not there', () => temp('absent.db'), 'STORE_INVALID_ARGUMENT'],
    ['itself', () => temp('a.db'), 'STORE_INVALID_ARGUMENT'],
    ['no path', () => '', 'STORE_INVALID_ARGUMENT'],
    ['what is not a database', () => __filename, 'STORE_CORRUPT'],
  ])('refuses %s, and leaves everything as it was', async (_what, from, code) => {
    const held = await withBackup(temp('a.db'), temp('backup.db'));
    await expect(held.restore(from())).rejects.toMatchObject({ code });
    expect(await held.load('T', 'a')).toEqual({ n: 2 });
    expect(readdirSync(dirname(temp('a.db'))).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it("is not for ':memory:' or a caller's Database, whose data stay", async () => {
    await withBackup(temp('a.db'), temp('backup.db'));
    const database = new Database(temp('own.db'));
    closing.push(database);
    for (const held of [store(':memory:'), store(database)]) {
      await held.persist('T', 'a', {}, { n: 5 });
      await expect(held.restore(temp('backup.db'))).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
      expect(await held.load('T', 'a')).toEqual({ n: 5 });
    }
    expect(existsSync(temp('own.db'))).toBe(true);
  });
});
