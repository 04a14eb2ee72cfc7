import { allContestants } from '../contestants/all-contestants.ts';
import type { Contestant, Kept } from '../contestants/contestant.ts';
import { memoryStore } from '../contestants/our-stores.ts';
import type { Subject } from '../harness/measure.ts';
import type { Setup } from '../setup.ts';
import { makeTodoList, toggle, type TodoList } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

const INSTANCES = 64;
/** By then everybody's journal has been round once and is written over: while it grows, an fsync costs half as much again. */
const STEADY_STATE_MS = 1_000;

/** 64 instances written in one turn of the event loop, and each awaited before the next; figures per write. */
export const parallel: Group = {
  name: 'parallel',
  title: `${INSTANCES} instances are written in parallel, per write`,
  async run(context) {
    for (const items of [1, 100]) {
      const writers: ParallelWriter[] = [];
      for (const contestant of allContestants) {
        if (contestant === memoryStore) continue;
        // One right after the other: they are held against each other, and a disk has its moods.
        for (const setup of ['fsync', 'relaxed'] as const) {
          writers.push(await open(context, contestant, setup, items, true));
        }
        if (!contestant.name.startsWith('Sqlite')) continue;
        for (const setup of ['fsync', 'relaxed'] as const) {
          writers.push(await open(context, contestant, setup, items, false));
        }
      }
      await context.measure(writers);
      for (const writer of writers) await writer.verify();
      await context.closeAll();
    }
  },
};

async function open(
  context: GroupContext,
  contestant: Contestant,
  setup: Setup,
  items: number,
  isParallel: boolean,
): Promise<ParallelWriter> {
  const kept = await context.open(contestant, setup);
  const writer = new ParallelWriter(contestant.name, kept, setup, items, isParallel);
  await writer.settle(context.quick ? 0 : STEADY_STATE_MS);
  return writer;
}

class ParallelWriter implements Subject {
  readonly key;
  readonly isAsync: boolean;
  readonly operations = INSTANCES;
  readonly #kept: Kept;
  readonly #isParallel: boolean;
  #states: TodoList[];
  #turn = 0;

  constructor(subject: string, kept: Kept, setup: Setup, items: number, isParallel: boolean) {
    const work = `${INSTANCES} ${isParallel ? 'in parallel' : 'one by one'}`;
    this.key = { group: 'parallel', work, subject, setup, items };
    this.#isParallel = isParallel;
    this.isAsync = kept.isAsync;
    this.#kept = kept;
    this.#states = Array.from({ length: INSTANCES }, (_, i) => makeTodoList(`list-${i}`, items));
  }

  /** Write, not measured, for that many milliseconds; once at the least. */
  async settle(time: number): Promise<void> {
    const end = performance.now() + time;
    do {
      this.prepare();
      await this.run();
    } while (performance.now() < end);
  }

  prepare(): void {
    this.#states = this.#states.map((state) => toggle.next(state, this.#turn));
    this.#turn++;
  }

  run(): unknown {
    if (!this.#isParallel) return this.#runOneByOne();
    const writes = this.#states.map((state) => this.#kept.write(state.id, state));
    return this.isAsync ? Promise.all(writes) : undefined;
  }

  async #runOneByOne(): Promise<void> {
    for (const state of this.#states) await this.#kept.write(state.id, state);
  }

  async verify(): Promise<void> {
    for (const state of this.#states) {
      if (JSON.stringify(await this.#kept.read(state.id)) !== JSON.stringify(state)) {
        throw new Error(`${this.key.subject} does not hold what was written in parallel.`);
      }
    }
  }
}
