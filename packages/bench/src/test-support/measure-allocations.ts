import { PerformanceObserver } from 'node:perf_hooks';
import { mappedStore, sqliteStore } from '../contestants/our-stores.ts';
import { makeTodoList, toggle, type TodoList } from '../todo-list.ts';

/**
 * How many bytes of heap a toggle allocates, in a list of so many items:
 * `node --expose-gc --min-semi-space-size=256 --max-semi-space-size=256 measure-allocations.ts <store> <folder> <items>`.
 * Nothing may be collected meanwhile, which is what the large semi-space is for.
 */
const [kind = '', folder = '', items = ''] = process.argv.slice(2);
const TOGGLES = 8;

const collections: number[] = [];
new PerformanceObserver((list) => {
  for (const { startTime } of list.getEntries()) collections.push(startTime);
}).observe({ entryTypes: ['gc'] });

const contestant = [sqliteStore, mappedStore].find(({ name }) => name === kind);
if (contestant === undefined) throw new Error(`There is no store ${kind}.`);
const kept = await contestant.open(folder, 'relaxed');
const persist = (list: TodoList): unknown => kept.write(list.id, list);
let list = makeTodoList('list', Number(items));
const next = (turn: number): TodoList => (list = toggle.next(list, turn));
await persist(list);
// Until the code is compiled.
for (let turn = 0; turn < 4 * TOGGLES; turn++) await persist(next(turn));
const states = Array.from({ length: TOGGLES }, (_, turn) => next(turn));
globalThis.gc?.();
const started = performance.now();
const before = process.memoryUsage().heapUsed;
for (const state of states) await persist(state);
const bytes = (process.memoryUsage().heapUsed - before) / TOGGLES;
await new Promise((resolve) => setImmediate(resolve));
if (collections.some((at) => at > started)) throw new Error('A garbage collection came in between.');
await kept.close();
console.log(Math.round(bytes));
