import Database from 'better-sqlite3';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NodeProcess, useTempFolder } from '@nasc/test-support';
import { SqliteStore } from './sqlite-store';
import { BUILT, PACKAGE, runNode, startNode } from './test-support/run-node';
import { Tmpfs } from './test-support/tmpfs';

const temp = useTempFolder();

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  await NodeProcess.killAll();
  for (const one of closing.splice(0).reverse()) await one.close();
});

function store(...args: ConstructorParameters<typeof SqliteStore>): SqliteStore {
  const made = new SqliteStore(...args);
  closing.push(made);
  return made;
}

const big = { text: 'x'.repeat(3_000_000) };

/** The code of a rejection; its message tells nothing of what was stored. */
async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    const { code, message } = error as { code: unknown; message: string };
    expect(message).not.toMatch(/xxx|secret/);
    return code;
  }
}

describe('full storage', () => {
  it('is STORE_FULL by max_page_count; the earlier state stays, the rest goes on', async () => {
    const held = store(temp('a.db'), { pragmas: { max_page_count: 60 } });
    await held.persist('T', 'secret', {}, { n: 1 });
    expect(await codeOf(held.persist('T', 'secret', {}, big))).toBe('STORE_FULL');
    const both = ['a', 'secret'].map((id) => ({ type: 'T', id, diff: {}, full: id === 'a' ? {} : big }));
    expect(await codeOf(held.commit(both))).toBe('STORE_FULL');
    expect(await held.loadVersioned('T', 'secret')).toMatchObject({ state: { n: 1 }, rev: 1 });
    expect(await held.load('T', 'a')).toBeNull();
    await held.persist('T', 'secret', {}, { n: 2 });
    expect(await held.loadVersioned('T', 'secret')).toMatchObject({ state: { n: 2 }, rev: 2 });
  });
});

const canMount = Tmpfs.isPossible();
const describeMounted = canMount ? describe : describe.skip;
const reason = canMount ? '' : ' (skipped: only root may mount one)';

describeMounted(`a file system${reason} that`, () => {
  let disk: Tmpfs;
  beforeEach(() => (disk = Tmpfs.mount(temp('disk'), '2m')));
  afterEach(() => disk.close());
  const path = (): string => join(disk.path, 'a.db');

  it('is full is STORE_FULL for writing, opening and backup; with room again all works', async () => {
    writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(1_000_000));
    const held = store(path());
    await held.persist('T', 'secret', {}, { n: 1 });
    expect(await codeOf(held.persist('T', 'secret', {}, big))).toBe('STORE_FULL');
    let last = 1;
    let code: unknown = 'ok';
    while (code === 'ok') {
      code = await codeOf(held.persist('T', 'secret', {}, { n: last + 1, text: 'y'.repeat(20_000 + last) }));
      if (code === 'ok') last++;
    }
    expect(code).toBe('STORE_FULL');
    expect(await held.loadVersioned('T', 'secret')).toMatchObject({ state: { n: last }, rev: last });
    expect(await codeOf(store(join(disk.path, 'new.db')).persist('T', 'a', {}, {}))).toBe('STORE_FULL');
    expect(await codeOf(held.backup(join(disk.path, 'copy.db')))).toBe('STORE_FULL');
    expect(existsSync(join(disk.path, 'copy.db'))).toBe(false);
    // Closing and opening it again needs no room.
    await held.close();
    const again = store(path());
    expect(await again.loadVersioned('T', 'secret')).toMatchObject({ state: { n: last }, rev: last });
    rmSync(join(disk.path, 'ballast'));
    await again.persist('T', 'secret', {}, { n: 0 });
    expect(await again.loadVersioned('T', 'secret')).toMatchObject({ state: { n: 0 }, rev: last + 1 });
  });

  it('is read-only can be read, and is STORE_READONLY for writing', async () => {
    const before = store(temp('a.db'));
    await before.persist('T', 'a', {}, { n: 1 });
    // As a killed process leaves it, with its WAL, and as backup makes it, without.
    await before.backup(join(disk.path, 'copy.db'));
    for (const suffix of ['', '-wal', '-shm']) copyFileSync(temp(`a.db${suffix}`), `${path()}${suffix}`);
    disk.setReadonly(true);
    for (const name of ['a.db', 'copy.db']) {
      const held = store(join(disk.path, name));
      expect(await held.loadVersioned('T', 'a')).toMatchObject({ state: { n: 1 }, rev: 1 });
      expect(await held.list('T')).toEqual(['a']);
      for (const call of [
        held.persist('T', 'a', {}, { n: 2 }),
        held.persist('New', 'a', {}, {}),
        held.remove('T', 'a'),
        held.renewEpoch(),
      ]) {
        expect(await codeOf(call)).toBe('STORE_READONLY');
      }
      await held.backup(temp(`from-${name}`));
      expect(await store(temp(`from-${name}`)).load('T', 'a')).toEqual({ n: 1 });
      await held.close();
    }
    expect(await codeOf(store(join(disk.path, 'absent.db')).load('T', 'a'))).toBe('STORE_IO');
    disk.setReadonly(false);
    await store(path()).persist('T', 'a', {}, { n: 2 });
    expect(await store(path()).loadVersioned('T', 'a')).toMatchObject({ state: { n: 2 }, rev: 2 });
  });

  it('is read-only and holds a WAL database without its WAL is STORE_IO: SQLite cannot', async () => {
    const before = store(path());
    await before.persist('T', 'a', {}, { n: 1 });
    await before.close();
    disk.setReadonly(true);
    expect(await codeOf(store(path()).load('T', 'a'))).toBe('STORE_IO');
    disk.setReadonly(false);
    expect(await store(path()).load('T', 'a')).toEqual({ n: 1 });
  });
});

describe('a damaged file', () => {
  const TYPES = { T: 400, U: 50 };
  const PAGE = 4_096;

  let pristine: Buffer | undefined;

  /** A file of many pages, as a store has left it. */
  async function fileOfManyPages(): Promise<Buffer> {
    const held = new SqliteStore(temp('pristine.db'), { durability: 'relaxed' });
    for (const [type, count] of Object.entries(TYPES)) {
      const text = `${type} `.repeat(500);
      const ids = Array.from({ length: count }, (_, i) => i);
      await Promise.all(ids.map((n) => held.persist(type, String(n), {}, { n, text })));
    }
    await held.close();
    return readFileSync(temp('pristine.db'));
  }

  async function damage(how: (path: string, pages: number) => void): Promise<SqliteStore> {
    const path = temp('a.db');
    pristine ??= await fileOfManyPages();
    writeFileSync(path, pristine);
    how(path, pristine.length / PAGE);
    return store(path, { durability: 'relaxed' });
  }

  /** How often each answer came; a state must be the right one. */
  async function survey(held: SqliteStore): Promise<Record<string, number>> {
    const answers: Record<string, number> = {};
    for (const [type, count] of Object.entries(TYPES)) {
      for (let n = 0; n < count; n++) {
        const code = await codeOf(
          held
            .loadVersioned(type, String(n))
            .then((loaded) => expect(loaded).toMatchObject({ state: { n }, rev: 1 })),
        );
        answers[String(code)] = (answers[String(code)] ?? 0) + 1;
      }
    }
    return answers;
  }

  function overwrite(path: string, page: number, content: Buffer): void {
    const file = openSync(path, 'r+');
    writeSync(file, content, 0, content.length, (page - 1) * PAGE);
    closeSync(file);
  }

  it.each([0.9, 0.5, 0.02])('that was cut at %d of its length is STORE_CORRUPT, never null', async (part) => {
    const held = await damage((path, pages) => truncateSync(path, Math.floor(pages * part) * PAGE - 100));
    expect(await survey(held)).toEqual({ STORE_CORRUPT: 450 });
    expect(await codeOf(held.persist('T', '1', {}, {}))).toBe('STORE_CORRUPT');
    expect(await codeOf(held.list('T'))).toBe('STORE_CORRUPT');
  });

  it.each([
    ['zeros', Buffer.alloc(PAGE)],
    ['ones', Buffer.alloc(PAGE, 255)],
    ['text', Buffer.alloc(PAGE, 'secret text ')],
  ])(
    'that was overwritten with %s is STORE_CORRUPT where it was; neighbours are read',
    async (_, content) => {
      // The head of the file, the tables of ours, pages of instances.
      for (const at of [0, 0.02, 0.2, 0.5, 0.7, 0.95]) {
        const held = await damage((path, pages) => overwrite(path, 1 + Math.floor(pages * at), content));
        const { ok = 0, STORE_CORRUPT = 0 } = await survey(held);
        expect(ok + STORE_CORRUPT).toBe(450);
        if (at > 0.4) expect(ok).toBeGreaterThan(400);
        if (at === 0) expect(STORE_CORRUPT).toBe(450);
        await held.close();
      }
    },
  );

  it('is noticed under an open store as well', async () => {
    const path = temp('a.db');
    const held = await damage(() => undefined);
    expect(await held.load('U', '1')).toMatchObject({ n: 1 });
    const pages = statSync(path).size / PAGE;
    for (let page = Math.floor(pages / 2); page < pages; page += 9) overwrite(path, page, Buffer.alloc(PAGE));
    const { ok = 0, STORE_CORRUPT = 0 } = await survey(held);
    expect([ok + STORE_CORRUPT, STORE_CORRUPT > 10, ok > 100]).toEqual([450, true, true]);
  });
});

describe('a WAL that', () => {
  /** Commits of two instances each, the first 20 of them checkpointed; the files copied as they lie. */
  async function copied(): Promise<{ path: string; commits: number; checkpointed: number }> {
    const held = store(temp('origin.db'));
    for (let n = 1; n <= 60; n++) {
      const full = { n, text: `${n} `.repeat(900) };
      await held.commit(['a', 'b'].map((id) => ({ type: 'T', id, diff: {}, full })));
      if (n !== 20) continue;
      const other = new Database(temp('origin.db'));
      other.pragma('wal_checkpoint(TRUNCATE)');
      other.close();
    }
    for (const suffix of ['', '-wal']) copyFileSync(temp(`origin.db${suffix}`), temp(`a.db${suffix}`));
    return { path: temp('a.db'), commits: 60, checkpointed: 20 };
  }

  /** The n of both instances, which must be whole and of one commit; then it works on. */
  async function recovered(path: string): Promise<number> {
    const held = store(path);
    const { state, rev } = (await held.loadVersioned('T', 'a')) as unknown as {
      state: { n: number };
      rev: number;
    };
    const { n } = state;
    const whole = { state: { n, text: `${n} `.repeat(900) }, rev: n };
    expect(await held.loadVersioned('T', 'a')).toMatchObject(whole);
    expect(await held.loadVersioned('T', 'b')).toMatchObject(whole);
    expect(rev).toBe(n);
    const next = await held.commit([{ type: 'T', id: 'a', diff: {}, full: {}, ifRev: rev }]);
    expect(next.revs).toEqual([n + 1]);
    await held.close();
    return n;
  }

  it('is there gives all commits, without the -shm too', async () => {
    const { path, commits } = await copied();
    expect(await recovered(path)).toBe(commits);
  });

  it('was removed leaves the last checkpoint, whole', async () => {
    const { path, checkpointed } = await copied();
    rmSync(`${path}-wal`);
    expect(await recovered(path)).toBe(checkpointed);
  });

  it.each(['cut', 'overwritten'])('was %s anywhere leaves the commits before, each whole', async (how) => {
    const { path, checkpointed, commits } = await copied();
    const [origin, wal] = [readFileSync(path), readFileSync(`${path}-wal`)];
    const seen: number[] = [];
    for (const part of [0.99, 0.8, 0.51, 0.3, 0.1, 0.001]) {
      writeFileSync(path, origin);
      const at = Math.floor(wal.length * part);
      const damaged = how === 'cut' ? wal.subarray(0, at) : Buffer.from(wal).fill(0x5a, at, at + 100);
      writeFileSync(`${path}-wal`, damaged);
      seen.push(await recovered(path));
    }
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    expect(seen.at(-1)).toBe(checkpointed);
    expect(seen[0]).toBeGreaterThan(commits - 5);
  });
});

describe('a process', () => {
  it('without file descriptors gets STORE_IO, keeps an open store, and opens again after', async () => {
    const script = `
      const { SqliteStore } = require(process.argv[1]);
      const fs = require('node:fs');
      (async () => {
        const [held, late] = [new SqliteStore(process.argv[2]), new SqliteStore(process.argv[2])];
        await held.persist('T', 'a', {}, { n: 1 });
        const taken = [];
        try { for (;;) taken.push(fs.openSync(process.argv[2])); } catch (error) { console.log(error.code); }
        await late.load('T', 'a').catch((error) => console.log(error.code));
        await held.persist('T', 'a', {}, { n: 2 });
        await held.backup(process.argv[2] + '.copy').catch((error) => console.log(error.code));
        for (const file of taken) fs.closeSync(file);
        await late.persist('T', 'b', {}, { n: 3 });
        await late.backup(process.argv[2] + '.copy');
        console.log(JSON.stringify([await held.load('T', 'a'), await held.load('T', 'b')]));
        await held.close(); await late.close();
      })();`;
    const limited = `
      const { spawnSync } = require('node:child_process');
      const [shell, ...argv] = process.argv.slice(1);
      const { stdout, stderr } = spawnSync('sh', ['-c', shell, process.execPath, ...argv]);
      process.stdout.write(stdout); process.stderr.write(stderr);`;
    const shell = 'ulimit -n 60; exec "$0" -e "$@"';
    const ended = await runNode(limited, [shell, script, BUILT, temp('a.db')], PACKAGE);
    expect(ended).toEqual({ code: 0, stderr: '', stdout: 'EMFILE\nSTORE_IO\nSTORE_IO\n[{"n":2},{"n":3}]\n' });
  });

  it('that holds the write lock does not hold the event loop of those who wait for it', async () => {
    const held = store(temp('a.db'), { busyTimeout: 20_000 });
    await held.persist('T', 'a', {}, { n: 0 });
    const other = await lockElsewhere();
    const answered: string[] = [];
    const calls = ['a', 'b', 'c'].map(async (id) => {
      await held.persist('T', id, {}, { n: 1 });
      answered.push(id);
    });
    expect(await held.load('T', 'unrelated')).toBeNull();
    // The other lets go when this event loop says so, and not before.
    for (let turn = 0; turn < 1_000; turn++) await nextTurn();
    expect(answered).toEqual([]);
    other.write('go');
    await Promise.all(calls);
    expect(answered).toEqual(['a', 'b', 'c']);
    expect(await held.loadVersioned('T', 'a')).toMatchObject({ state: { n: 1 }, rev: 2 });
    expect(await other.ended).toMatchObject({ code: 0, stderr: '' });
  });

  /** A process that has the lock, until it is told to let go. */
  async function lockElsewhere(): Promise<NodeProcess> {
    const script = `
      const Database = require(process.argv[1] + '/node_modules/better-sqlite3');
      const database = new Database(process.argv[2]);
      database.exec('BEGIN IMMEDIATE');
      console.log('locked');
      process.stdin.once('data', () => { database.exec('COMMIT'); database.close(); process.exit(); });`;
    const other = startNode(script, [PACKAGE, temp('a.db')]);
    await other.line(/locked/);
    return other;
  }
});
