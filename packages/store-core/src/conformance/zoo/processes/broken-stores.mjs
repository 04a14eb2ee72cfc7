import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ProcessStore } from './process-store.mjs';

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
    async write(writes) {
      for (const [index, write] of writes.entries()) this.compare(write, index);
      await pause(1);
      return super.write(writes.map((write) => ({ ...write, ifRev: undefined })));
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
      await pause(3);
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
        await pause(2);
      }
      return { status: 'committed', revs };
    }
  },

  timer: class extends ProcessStore {
    open() {
      super.open();
      setInterval(() => undefined, 1_000);
    }
  },

  'watch-own-process': class extends ProcessStore {
    async write(writes) {
      const result = await super.write(writes);
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
