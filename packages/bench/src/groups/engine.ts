import { join } from 'node:path';
import { MemoryStore } from '@nasc/store-memory';
import { SqliteStore } from '@nasc/store-sqlite';
import { SqliteMappedStore } from '@nasc/store-sqlite-mapped';
import { appModel } from '../app-model.ts';
import { openTransport, transports, type EngineStore, type Transport } from '../engine/transports.ts';
import type { Subject } from '../harness/measure.ts';
import { makeTodoList, type TodoList } from '../todo-list.ts';
import type { Group, GroupContext } from './group.ts';

interface Variant {
  readonly name: string;
  readonly handlerInput: 'copy' | 'frozen';
  open(folder: string): EngineStore;
}

const mappedIn = (folder: string) => new SqliteMappedStore(join(folder, 'mapped.db'), appModel);

const variants: readonly Variant[] = [
  { name: 'MemoryStore', handlerInput: 'copy', open: () => new MemoryStore() },
  { name: 'SqliteStore', handlerInput: 'copy', open: (folder) => new SqliteStore(join(folder, 'store.db')) },
  { name: 'SqliteMappedStore', handlerInput: 'copy', open: mappedIn },
  { name: 'SqliteMappedStore, frozen', handlerInput: 'frozen', open: mappedIn },
];

/** From an event to its patches, durable. */
export const engine: Group = {
  name: 'engine',
  title: 'a toggle as an event: through createProcessor, POSTed, and from a WebSocket to its patch',
  async run(context) {
    for (const items of context.quick ? [1, 10_000] : context.sizes) {
      for (const transport of transports) {
        const senders: EventSender[] = [];
        for (const variant of variants) senders.push(await openSender(context, transport, variant, items));
        // An event of a long list leaves so much garbage that its collection belongs to what is measured.
        const time = context.budget.time * (items < 10_000 ? 1 : 4);
        await context.measure(senders, { ...context.budget, time });
        for (const sender of senders) await sender.verify();
        await context.closeAll();
      }
    }
  },
};

async function openSender(
  context: GroupContext,
  transport: Transport,
  { name, handlerInput, open }: Variant,
  items: number,
): Promise<EventSender> {
  const store = open(context.folder());
  context.closeLater(() => store.close());
  const list = makeTodoList('a', items);
  const handlers = {
    TodoList: {
      mount: () => structuredClone(list),
      toggle: ({ id }: { id?: unknown }, state: TodoList): TodoList => flip(state, id),
    },
  };
  const { send, close } = await openTransport(transport, handlers, store, handlerInput);
  context.closeLater(close);
  await send({ event: 'mount', type: 'TodoList', instance: 'a', payload: {} });
  return new EventSender(transport, name, list, store, send);
}

class EventSender implements Subject {
  readonly key;
  readonly isAsync = true;
  readonly #store: EngineStore;
  readonly #send: (message: object) => Promise<void>;
  #expected: TodoList;
  #next = '';
  #turn = 0;

  constructor(
    work: Transport,
    subject: string,
    list: TodoList,
    store: EngineStore,
    send: (message: object) => Promise<void>,
  ) {
    this.key = { group: 'engine', work, subject, setup: 'readme' as const, items: list.items.length };
    this.#store = store;
    this.#send = send;
    this.#expected = list;
  }

  prepare(): void {
    this.#next = this.#expected.items[(this.#turn++ * 7_919) % this.#expected.items.length]?.id ?? '';
    this.#expected = flip(this.#expected, this.#next);
  }

  run(): Promise<void> {
    return this.#send({ event: 'toggle', type: 'TodoList', instance: 'a', payload: { id: this.#next } });
  }

  async verify(): Promise<void> {
    const there: unknown = await this.#store.load('TodoList', 'a');
    if (JSON.stringify(there) === JSON.stringify(this.#expected)) return;
    throw new Error(`${JSON.stringify(this.key)}: the store does not hold what the events have made.`);
  }
}

function flip(state: TodoList, id: unknown): TodoList {
  const items = state.items.map((todo) => (todo.id === id ? { ...todo, completed: !todo.completed } : todo));
  return { ...state, items };
}
