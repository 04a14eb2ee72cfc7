// Counts its own runs in a file: run it twice.
import { SqliteStore } from '@nasc/store-sqlite';

const store = new SqliteStore(process.argv[2] ?? 'quickstart.db');

const before = (await store.load('Counter', 'runs')) ?? { count: 0, log: [] };
const after = { count: before.count + 1, log: [...before.log, new Date().toISOString()] };
await store.persist('Counter', 'runs', { count: after.count, log: after.log }, after);

const { state, rev } = await store.loadVersioned('Counter', 'runs');
console.log(`Run ${state.count}, rev ${rev}. First run: ${state.log[0]}`);

// Another process may have written meanwhile: with ifRev, nothing of it is lost.
try {
  await store.commit([{ type: 'Counter', id: 'runs', diff: {}, full: after, ifRev: rev - 1 }]);
} catch (error) {
  console.log(`A stale write is refused: ${error.code}, expected rev ${error.expected}, is ${error.actual}.`);
}

await store.close();
