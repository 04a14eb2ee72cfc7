import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ProcessStore } from './process-store.mjs';

/**
 * The milliseconds between two steps that should be one. So long that a process that writes is in the gap most of the time,
 * also on a busy machine: when it is killed must not decide whether the fault is seen.
 */
const GAP = 40;

/** What a process keeps of each file. */
const memory = new Map();
const epoch = randomUUID();

function memoryOf(path) {
  if (!memory.has(path)) memory.set(path, new Map());
  return memory.get(path);
}

/** The broken stores that broken-processes.ts lists; each is the reference with one step changed. */
export const stores = {
  reference: ProcessStore,

  cache: class extends ProcessStore {
    row(type, id) {
      const cache = memoryOf(this.path);
      const key = JSON.stringify([type, id]);
      if (!cache.has(key)) cache.set(key, super.row(type, id));
      return cache.get(key);
    }
    put(write) {
      const rev = super.put(write);
      memoryOf(this.path).delete(JSON.stringify([write.type, write.id]));
      return rev;
    }
  },

  'compare-early': class extends ProcessStore {
    async write(writes, eventId) {
      for (const [index, write] of writes.entries()) this.compare(write, index);
      await pause(1);
      return super.write(
        writes.map((write) => ({ ...write, ifRev: undefined })),
        eventId,
      );
    }
  },

  'in-memory': class extends ProcessStore {
    row(type, id) {
      return memoryOf(this.path).get(JSON.stringify([type, id]));
    }
    put(write) {
      const { type, id, full } = write;
      const rev = super.put(write);
      memoryOf(this.path).set(JSON.stringify([type, id]), { type, id, text: full, rev });
      return rev;
    }
  },

  'epoch-of-the-process': class extends ProcessStore {
    epoch() {
      return epoch;
    }
  },

  'acknowledge-early': class extends ProcessStore {
    async write(writes) {
      setTimeout(() => this.transaction(() => this.writeAll(writes)), 15);
      return { status: 'committed', revs: writes.map(() => 1) };
    }
  },

  'two-steps': class extends ProcessStore {
    async write(writes) {
      const result = await super.write(
        writes.map((write) => ({ ...write, full: JSON.stringify({ ...JSON.parse(write.full), items: [] }) })),
      );
      await pause(GAP);
      const update = this.database.prepare('UPDATE rows SET text = ? WHERE type = ? AND id = ?');
      for (const { type, id, full } of writes) update.run(full, type, id);
      return result;
    }
  },

  'recover-in-two-steps': class extends ProcessStore {
    async open() {
      super.open();
      this.database.exec(`DROP TABLE IF EXISTS recovering; CREATE TABLE recovering AS SELECT * FROM rows;`);
      this.database.exec('DELETE FROM rows');
      await pause(30);
      this.database.exec('INSERT INTO rows SELECT * FROM recovering');
    }
  },

  'one-by-one': class extends ProcessStore {
    async write(writes) {
      const revs = [];
      for (const write of writes) {
        revs.push(...(await super.write([write])).revs);
        await pause(GAP);
      }
      return { status: 'committed', revs };
    }
  },

  'events-afterwards': class extends ProcessStore {
    remember(writes, revs, eventId) {
      if (eventId === undefined) return;
      memoryOf(this.path).set(eventId, {
        keys: JSON.stringify(writes.map(({ type, id }) => [type, id])),
        revs: JSON.stringify(revs),
      });
    }
    event(eventId) {
      return memoryOf(this.path).get(eventId) ?? super.event(eventId);
    }
    async write(writes, eventId) {
      const result = await super.write(writes, eventId);
      await pause(GAP);
      if (result.status === 'committed') super.remember(writes, result.revs, eventId);
      return result;
    }
  },

  'events-beforehand': class extends ProcessStore {
    async write(writes, eventId) {
      if (eventId === undefined) return super.write(writes);
      const known = this.duplicate(writes, eventId);
      if (known !== undefined) return known;
      const revs = writes.map(({ type, id }) => (this.row(type, id)?.rev ?? 0) + 1);
      this.remember(writes, revs, eventId);
      await pause(GAP);
      await super.write(writes);
      return { status: 'committed', revs };
    }
  },

  'events-of-the-process': class extends ProcessStore {
    event(eventId) {
      return memoryOf(this.path).get(eventId);
    }
    remember(writes, revs, eventId) {
      super.remember(writes, revs, eventId);
      if (eventId !== undefined) memoryOf(this.path).set(eventId, super.event(eventId));
    }
  },

  'cached-list': class extends ProcessStore {
    async readIds(type, after, limit) {
      const [cache, key] = [memoryOf(this.path), JSON.stringify([type, after, limit])];
      if (!cache.has(key)) cache.set(key, await super.readIds(type, after, limit));
      return [...cache.get(key)];
    }
    put(write) {
      memoryOf(this.path).clear();
      return super.put(write);
    }
  },

  'cached-tombstones': class extends ProcessStore {
    put(write) {
      const [cache, key] = [memoryOf(this.path), JSON.stringify([write.type, write.id])];
      const rev = super.put(write);
      if (write.full === null) cache.set(key, cache.get(key) ?? rev);
      else if (cache.has(key)) return this.restart(write, cache.get(key) + 1);
      return rev;
    }
    restart({ type, id }, rev) {
      memoryOf(this.path).delete(JSON.stringify([type, id]));
      this.database.prepare('UPDATE rows SET rev = ? WHERE type = ? AND id = ?').run(rev, type, id);
      return rev;
    }
  },

  'removes-later': class extends ProcessStore {
    async write(writes, eventId) {
      if (writes.some(({ full }) => full !== null)) return super.write(writes, eventId);
      const revs = writes.map(({ type, id }) => this.row(type, id).rev + 1);
      const removing = new Promise((done) => setTimeout(done, 10)).then(() => super.write(writes));
      memoryOf(this.path).set('removing', removing);
      return { status: 'committed', revs };
    }
  },

  'forgets-the-removed': class extends ProcessStore {
    open() {
      super.open();
      this.database.exec('DELETE FROM rows WHERE text IS NULL');
    }
  },

  'lists-later': class extends ProcessStore {
    open() {
      super.open();
      this.database.exec('CREATE TABLE IF NOT EXISTS ids (type, id, PRIMARY KEY (type, id))');
    }
    async write(writes, eventId) {
      const result = await super.write(writes, eventId);
      await pause(GAP);
      for (const { type, id, full } of writes) {
        const sql =
          full === null
            ? 'DELETE FROM ids WHERE type = ? AND id = ?'
            : 'INSERT OR IGNORE INTO ids VALUES (?, ?)';
        this.database.prepare(sql).run(type, id);
      }
      return result;
    }
    async readIds(type) {
      return this.database
        .prepare('SELECT id FROM ids WHERE type = ? ORDER BY id')
        .all(type)
        .map(({ id }) => id);
    }
  },

  'epoch-when-closed': class extends ProcessStore {
    epoch() {
      const saved = this.database.prepare("SELECT value FROM meta WHERE key = 'saved'").get();
      return saved?.value ?? epoch;
    }
    shutdown() {
      this.database.prepare("INSERT OR IGNORE INTO meta VALUES ('saved', ?)").run(epoch);
      super.shutdown();
    }
  },

  'large-texts-later': class extends ProcessStore {
    async write(writes, eventId) {
      const isLarge = writes.some(({ full }) => full !== null && full.length > 65_536);
      if (!isLarge) return super.write(writes, eventId);
      const result = await super.write(
        writes.map((write) => ({ ...write, full: '{"text":"' })),
        eventId,
      );
      await pause(GAP);
      for (const { type, id, full } of writes)
        this.database.prepare('UPDATE rows SET text = ? WHERE type = ? AND id = ?').run(full, type, id);
      return result;
    }
  },

  timer: class extends ProcessStore {
    open() {
      super.open();
      setInterval(() => undefined, 1_000);
    }
  },

  'watch-own-process': class extends ProcessStore {
    async write(writes, eventId) {
      const result = await super.write(writes, eventId);
      for (const poll of memoryOf(this.path).values()) poll();
      return result;
    }
    watching(active) {
      super.watching(active);
      const poll = () => super.poll();
      if (active) memoryOf(this.path).set(this, poll);
      else memoryOf(this.path).delete(this);
    }
    poll() {}
  },
};
