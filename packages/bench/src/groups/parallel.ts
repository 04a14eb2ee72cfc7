import { allContestants } from '../contestants/all-contestants.ts';
import type { Contestant, Kept } from '../contestants/contestant.ts';
import { memoryStore } from '../contestants/our-stores.ts';
import type { Subject } from '../harness/measure.ts';
import type { Setup } from '../results.ts';
import { makeTodoList, toggle, type TodoList } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

const INSTANCES = 64;

/** 64 instances written in one turn of the event loop; figures per write. */
export const parallel: Group = {
  name: 'parallel',
  title: `${INSTANCES} instances are written in parallel, per write`,
  async run(context) {
    for (const items of [1, 100]) {
      const writers: ParallelWriter[] = [];
      // Both durabilities in one go: the one is held against the other.
      for (const setup of ['fsync', 'relaxed'] as const) {
        for (const contestant of allContestants) {
          if (contestant !== memoryStore) writers.push(await open(context, contestant, setup, items));
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
): Promise<ParallelWriter> {
  const writer = new ParallelWriter(contestant.name, await context.open(contestant, setup), setup, items);
  await writer.run();
  return writer;
}

class ParallelWriter implements Subject {
  readonly key;
  readonly isAsync: boolean;
  readonly operations = INSTANCES;
  readonly #kept: Kept;
  #states: TodoList[];
  #turn = 0;

  constructor(subject: string, kept: Kept, setup: Setup, items: number) {
    this.key = { group: 'parallel', work: `${INSTANCES} in parallel`, subject, setup, items };
    this.isAsync = kept.isAsync;
    this.#kept = kept;
    this.#states = Array.from({ length: INSTANCES }, (_, i) => makeTodoList(`list-${i}`, items));
  }

  prepare(): void {
    this.#states = this.#states.map((state) => toggle.next(state, this.#turn));
    this.#turn++;
  }

  run(): unknown {
    const writes = this.#states.map((state) => this.#kept.write(state.id, state));
    return this.isAsync ? Promise.all(writes) : undefined;
  }

  async verify(): Promise<void> {
    for (const state of this.#states) {
      if (JSON.stringify(await this.#kept.read(state.id)) !== JSON.stringify(state)) {
        throw new Error(`${this.key.subject} does not hold what was written in parallel.`);
      }
    }
  }
}
