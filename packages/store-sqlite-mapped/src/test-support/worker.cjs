// A process of its own on a database: `node worker.cjs <what> <path> <n>`. Prints a line per acknowledgement.
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');
const Database = require('better-sqlite3');
const { SqliteMappedStore } = require('../../dist/index.cjs');

const [, , what, path, n] = process.argv;
const json = (name) => JSON.parse(readFileSync(join(__dirname, '../../fixtures', name), 'utf8'));
const store = new SqliteMappedStore(path, {
  mapping: json('app.mapping.json'),
  schema: json('app.schema.json'),
  durability: 'relaxed',
  // On a busy machine one of several processes may wait long for its turn.
  busyTimeout: 100_000,
});

const work = {
  /** Adds an item of its own for as long as it is let, and keeps all items at one generation. */
  async write() {
    for (let i = 0; !ended; i++) {
      const loaded = await store.loadVersioned('TodoList', 'shared');
      const generation = loaded.rev + 1;
      const items = [...loaded.state.items, { id: `${n}-${i}`, title: '', completed: false }].slice(-50);
      const full = { id: 'shared', items: items.map((item) => ({ ...item, title: `g${generation}` })) };
      try {
        const { revs } = await store.commit([
          { type: 'TodoList', id: 'shared', diff: {}, full, ifRev: loaded.rev },
        ]);
        console.log(`${revs[0]} ${n}-${i}`);
      } catch (error) {
        if (error.code !== 'STORE_CONFLICT') throw error;
        i--;
      }
    }
  },
  /** A list is torn when its items are of two generations, or of another than its rev. */
  async read() {
    let last = 0;
    for (let reads = 1; !ended; reads++) {
      const { state, rev } = await store.loadVersioned('TodoList', 'shared');
      const generations = new Set(state.items.map(({ title }) => title));
      if (rev < last || generations.size > 1 || (rev > 1 && !generations.has(`g${rev}`))) {
        console.log(`torn at ${rev}: ${[...generations]}`);
      }
      last = rev;
      // Loads from SQLite take no turn of the event loop: the parent's word must come through.
      await new Promise((resolve) => setImmediate(resolve));
      if (reads % 100 === 0) console.log(`read ${reads}`);
    }
  },
  /** Says so before each statement, and kills itself before the n-th. */
  async open() {
    let statements = 0;
    beforeEachStatement(() => {
      writeSync(1, 'statement\n');
      if (++statements === Number(n)) process.kill(process.pid, 'SIGKILL');
    });
    await store.load('TodoList', 'my-list');
  },
};

function beforeEachStatement(tell) {
  const database = new Database(':memory:');
  const statement = Object.getPrototypeOf(database.prepare('SELECT 1'));
  database.close();
  const methods = [[Database.prototype, 'exec'], ...['run', 'get', 'all'].map((name) => [statement, name])];
  for (const [prototype, name] of methods) {
    const original = prototype[name];
    prototype[name] = function (...params) {
      tell();
      return original.apply(this, params);
    };
  }
}

let ended = false;
process.stdin.on('data', () => (ended = true)).on('end', () => (ended = true));
work[what]()
  .then(() => store.close())
  .then(() => process.stdin.destroy())
  .catch((error) => {
    console.log(`failed: ${error.stack}`);
    process.exitCode = 1;
    process.stdin.destroy();
  });
