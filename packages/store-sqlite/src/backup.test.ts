import Database from 'better-sqlite3';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BackupProgress, SqliteDatabase } from './index';
import { SqliteStore } from './sqlite-store';
import { BUILT, runNode } from './test-support/run-node';
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

function sql(path: string): Database.Database {
  const database = new Database(path);
  closing.push(database);
  return database;
}

const text = (n: number): string => `${n} `.repeat(1_000);

/** A store with instances of some pages each, half of them written twice. */
async function filled(path: string, options = {}): Promise<SqliteStore> {
  const held = store(path, { durability: 'relaxed', ...options });
  const ids = Array.from({ length: 1_500 }, (_, i) => String(i));
  await Promise.all(ids.map((id) => held.persist('T', id, {}, { n: 0, text: text(0) })));
  const second = ids.filter((id) => Number(id) % 2);
  await Promise.all(second.map((id) => held.persist('T', id, {}, { n: 1, text: text(1) })));
  return held;
}

describe('backup', () => {
  it('is the state of one moment, however much is written meanwhile', async () => {
    const path = temp('a.db');
    const held = await filled(path);
    const other = store(path);
    const queued = held.persist('T', 'called before', {}, { n: 1 });
    const writes: Promise<unknown>[] = [queued];
    const seen: BackupProgress[] = [];
    const pair = (n: number): Promise<unknown> =>
      (n % 2 ? held : other).commit(
        ['0', '299', 'new'].map((id) => ({ type: 'T', id, diff: {}, full: { n, text: text(n) } })),
      );
    await pair(100);
    const made = held.backup(temp('copy.db'), {
      onProgress: (progress) => {
        seen.push(progress);
        writes.push(pair(100 + seen.length));
      },
    });
    await made;
    await Promise.all(writes);
    expect(seen.length).toBeGreaterThan(5);
    const remaining = seen.map((progress) => progress.remainingPages);
    // Nobody's commits made it begin anew.
    expect(remaining).toEqual([...new Set(remaining)].sort((a, b) => b - a));
    expect(remaining.at(-1)).toBe(0);
    expect(new Set(seen.map(({ totalPages }) => totalPages)).size).toBe(1);

    const copy = store(temp('copy.db'));
    const [original, copied] = [await held.loadVersioned('T', '2'), await copy.loadVersioned('T', '2')];
    expect(copied).toMatchObject({ state: { n: 0 }, rev: 1 });
    expect(copied?.epoch).not.toBe(original?.epoch);
    expect((await held.loadVersioned('T', '3'))?.epoch).toBe(original?.epoch);
    expect(await copy.load('T', 'called before')).toEqual({ n: 1 });
    for (const id of ['0', '299', 'new']) {
      expect(await copy.load('T', id)).toEqual({ n: 100, text: text(100) });
    }
    expect((await copy.list('T', { limit: 10_000 })).length).toBe(1_502);
    for (const id of await copy.list('T', { limit: 10_000 })) {
      const { rev, state } = (await copy.loadVersioned('T', id)) as unknown as {
        rev: number;
        state: { n: number };
      };
      expect([id, rev]).toEqual([id, id === 'new' || id === 'called before' ? 1 : 1 + Number(id === '0' || state.n > 0) + Number(id === '299')]); // prettier-ignore
    }
    expect(sql(temp('copy.db')).pragma('integrity_check', { simple: true })).toBe('ok');
    await copy.persist('T', '0', {}, {});
    expect(await held.load('T', '0')).not.toEqual({});
  });

  it('comes to an end without a WAL too, while another connection writes at every step', async () => {
    const path = temp('a.db');
    const held = await filled(path, { pragmas: { journal_mode: 'DELETE' } });
    const other = sql(path);
    let begunAnew = 0;
    let last = Infinity;
    await held.backup(temp('copy.db'), {
      onProgress: ({ remainingPages }) => {
        if (remainingPages >= last) begunAnew++;
        last = remainingPages;
        if (remainingPages > 0) other.exec("UPDATE Ts SET data = data || ' ' WHERE id = '0'");
      },
    });
    expect(begunAnew).toBeGreaterThan(0);
    expect(await store(temp('copy.db')).loadVersioned('T', '1')).toMatchObject({ state: { n: 1 }, rev: 2 });
  });

  it('overwrites nothing, and leaves nothing behind when it fails', async () => {
    const held = await filled(temp('a.db'));
    writeFileSync(temp('there.db'), 'precious');
    const files = (): string[] => readdirSync(dirname(temp('x'))).filter((name) => !name.startsWith('a.db'));
    await expect(held.backup(temp('there.db'))).rejects.toMatchObject({ code: 'STORE_INVALID_ARGUMENT' });
    // Even when it appears while the copy is made.
    const late = held.backup(temp('late.db'), { onProgress: () => writeFileSync(temp('late.db'), 'late') });
    await expect(late).rejects.toMatchObject({ code: 'STORE_INVALID_ARGUMENT' });
    expect(readFileSync(temp('there.db'), 'utf8')).toBe('precious');
    expect(readFileSync(temp('late.db'), 'utf8')).toBe('late');
    const stopped = held.backup(temp('stopped.db'), {
      onProgress: () => {
        throw new Error('enough');
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'STORE_IO', cause: { message: 'enough' } });
    await expect(held.backup(temp('no/such/folder.db'))).rejects.toMatchObject({ code: 'STORE_IO' });
    for (const path of ['', 'a\0b', undefined as never]) {
      await expect(held.backup(path)).rejects.toMatchObject({ code: 'STORE_INVALID_ARGUMENT' });
    }
    expect(files()).toEqual(['late.db', 'there.db']);
    await held.backup(temp('copy.db'));
    expect(files()).toEqual(['copy.db', 'late.db', 'there.db']);
  });

  it('waits for a lock, and gives up with STORE_BUSY', async () => {
    const path = temp('a.db');
    const held = await filled(path, { pragmas: { journal_mode: 'DELETE' }, busyTimeout: 100 });
    const other = sql(path);
    other.exec('BEGIN EXCLUSIVE');
    await expect(held.backup(temp('copy.db'))).rejects.toMatchObject({ code: 'STORE_BUSY' });
    const made = held.backup(temp('copy.db'));
    other.exec('COMMIT');
    await made;
    expect((await store(temp('copy.db')).list('T', { limit: 10_000 })).length).toBe(1_500);
  });

  it('can be made of :memory:, of a file for reading, and of a Database that can', async () => {
    const path = temp('a.db');
    await (await filled(path)).close();
    const database = sql(path);
    const sources = {
      memory: await filled(':memory:'),
      readonly: store(path, { readonly: true }),
      database: store(database),
    };
    for (const [name, held] of Object.entries(sources)) {
      await held.backup(temp(`${name}-copy.db`));
      const [original, copy] = [held, store(temp(`${name}-copy.db`))].map((one) =>
        one.loadVersioned('T', '1'),
      );
      expect(await copy).toEqual({ ...(await original), epoch: expect.any(String) });
      expect((await copy)?.epoch).not.toBe((await original)?.epoch);
    }
    const bare = new Proxy(database, {
      get(target, key) {
        const value: unknown = key === 'backup' ? undefined : Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    }) as unknown as SqliteDatabase;
    await expect(store(bare).backup(temp('b.db'))).rejects.toMatchObject({ code: 'STORE_UNSUPPORTED' });
  });

  it('killed in the middle leaves no file of that name', async () => {
    const path = temp('a.db');
    await (await filled(path)).close();
    const script = `
      const { SqliteStore } = require(process.argv[1]);
      new SqliteStore(process.argv[2]).backup(process.argv[3], {
        onProgress: ({ totalPages, remainingPages }) => {
          if (remainingPages > totalPages / 2) return;
          console.log(require('node:fs').readdirSync(require('node:path').dirname(process.argv[3])).join());
          process.kill(process.pid, 'SIGKILL');
        },
      });`;
    const ended = await runNode(script, [BUILT, path, temp('copy.db')]);
    expect(ended).toMatchObject({ code: null, stderr: '', stdout: expect.stringContaining('.partial') });
    expect(existsSync(temp('copy.db'))).toBe(false);
    await store(path).backup(temp('copy.db'));
    expect(await store(temp('copy.db')).loadVersioned('T', '1')).toMatchObject({ rev: 2 });
  });

  it('is waited for by close, and refused after it', async () => {
    const held = await filled(temp('a.db'));
    const made = held.backup(temp('copy.db'));
    await held.close();
    expect(existsSync(temp('copy.db'))).toBe(true);
    await made;
    await expect(held.backup(temp('other.db'))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});

describe('renewEpoch', () => {
  it('changes the epoch for every handle, and no rev', async () => {
    const path = temp('a.db');
    const [held, other] = [store(path), store(path)];
    await held.persist('T', 'a', {}, { n: 1 });
    const before = await other.loadVersioned('T', 'a');
    const epoch = await held.renewEpoch();
    expect(epoch).not.toBe(before?.epoch);
    expect(await other.loadVersioned('T', 'a')).toEqual({ ...before, epoch });
    expect(await other.renewEpoch()).not.toBe(epoch);
    const reading = store(path, { readonly: true });
    await expect(reading.renewEpoch()).rejects.toMatchObject({ code: 'STORE_READONLY' });
  });
});
