import { StoreError } from '@nasc/store-core';
import { MemoryStore } from '@nasc/store-memory';
import { createProcessor, type IncomingMessage } from './create-processor';
import { recordingStore } from './test-support/recording-store';
import { silent } from './test-support/served';

const Counter = {
  mount: ({ start = 1 }: { start?: number }) => ({ count: start, todos: [] as string[] }),
  increment: ({ delta = 1 }: { delta?: number }, state: { count: number }) => ({
    ...state,
    count: state.count + delta,
  }),
  drop: ({ prop }: { prop: string }, state: Record<string, unknown>) => {
    delete state[prop];
    return state;
  },
};
const message = (event: string, rest: Partial<IncomingMessage> = {}): IncomingMessage => ({
  event,
  instance: 'abc',
  type: 'Counter',
  ...rest,
});
const bind = (prop: string, value: unknown) => ({
  action: 'bindUpdate',
  instance: 'abc',
  type: 'Counter',
  prop,
  value,
});
const error = (text: string) => [{ action: 'error', message: text }];

describe('createProcessor on a two-method store', () => {
  it('mounts by load, handler.mount and persist, and sends schemas before values', async () => {
    const mount = jest.fn(() => ({ count: 1, todos: [] }));
    const schema = { properties: { todos: { type: 'array', items: { $ref: '#/$defs/Todo' } } } };
    const store = recordingStore();
    const process = createProcessor({ Counter: { mount } }, store, {
      schemaProvider: { Counter: schema, Todo: { type: 'object' } },
    });
    const patches = await process(message('mount', { payload: { counterId: 'forged', x: 1 } }));
    expect(mount.mock.calls).toStrictEqual([[{ counterId: 'abc', x: 1 }]]);
    expect(patches).toStrictEqual([
      { action: 'schema', instance: 'abc', type: 'Counter', schema },
      { action: 'schema', instance: 'abc', type: 'Todo', schema: { type: 'object' } },
      bind('count', 1),
      bind('todos', []),
    ]);
    const state = { count: 1, todos: [] };
    expect(store.calls).toStrictEqual([
      ['load', 'Counter', 'abc'],
      ['persist', 'Counter', 'abc', state, state],
    ]);
  });

  it('mounts a stored instance without calling the handler or persisting', async () => {
    const mount = jest.fn();
    const store = recordingStore({ 'Counter:abc': { count: 5 } });
    const patches = await createProcessor({ Counter: { mount } }, store)(message('mount'));
    expect(patches).toStrictEqual([bind('count', 5)]);
    expect(mount).not.toHaveBeenCalled();
    expect(store.calls).toEqual([['load', 'Counter', 'abc']]);
  });

  it('persists (type, id, diff, next) after each event, even if the diff is empty', async () => {
    const store = recordingStore({ 'Counter:abc': { count: 1 } });
    const process = createProcessor({ Counter }, store);
    expect(await process(message('increment', { payload: { delta: 2 } }))).toStrictEqual([bind('count', 3)]);
    expect(await process(message('increment', { payload: { delta: 0 } }))).toStrictEqual([]);
    expect(store.calls).toStrictEqual([
      ['load', 'Counter', 'abc'],
      ['persist', 'Counter', 'abc', { count: 3 }, { count: 3 }],
      ['load', 'Counter', 'abc'],
      ['persist', 'Counter', 'abc', {}, { count: 3 }],
    ]);
  });

  it('reports a removed property as null, a removed array as []', async () => {
    const store = recordingStore({ 'Counter:abc': { count: 1, todos: ['a'] } });
    const process = createProcessor({ Counter }, store);
    expect(await process(message('drop', { payload: { prop: 'count' } }))).toStrictEqual([
      { ...bind('count', null), removed: true },
    ]);
    expect(await process(message('drop', { payload: { prop: 'todos' } }))).toStrictEqual([
      { ...bind('todos', []), removed: true },
    ]);
  });

  it('treats a missing instance as ""', async () => {
    const store = recordingStore();
    await createProcessor({ Counter }, store)({ event: 'mount', type: 'Counter' });
    expect(store.calls[0]).toEqual(['load', 'Counter', '']);
  });
});

describe('createProcessor on bad input', () => {
  const handlers = {
    Counter,
    NoMount: { go: () => ({}) },
    Bad: {
      mount: () => undefined,
      nothing: () => undefined,
      list: () => [1],
      text: () => 'x',
      boom: async () => Promise.reject(new Error('boom')),
      odd: async () => Promise.reject(null),
      unreadable: () => {
        throw Object.defineProperties({}, { message: { get: unreadable }, name: { get: unreadable } });
      },
    },
  };
  function unreadable(): never {
    throw new Error('unreadable');
  }
  const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });
  const at = (type: string, event: string) => ({ type, event, instance: 'abc', payload: {} });
  const cases: [string, unknown, string | RegExp][] = [
    ['an unknown type', at('Nope', 'mount'), "Unknown handler for type 'Nope'"],
    ['a type that every object has', at('constructor', 'mount'), "Unknown handler for type 'constructor'"],
    ['an unknown event', at('Counter', 'e'), "Unknown event 'e' for Counter"],
    ['event constructor', at('Counter', 'constructor'), "Unknown event 'constructor' for Counter"],
    ['event __proto__', at('Counter', '__proto__'), "Unknown event '__proto__' for Counter"],
    ['event toString', at('Counter', 'toString'), "Unknown event 'toString' for Counter"],
    ['an unknown instance', { ...at('Counter', 'increment'), instance: 'x' }, 'Instance x not mounted.'],
    ['a type without mount', at('NoMount', 'mount'), /NoMount has no mount/],
    [
      'a mount that returns nothing',
      { ...at('Bad', 'mount'), instance: 'y' },
      /Bad.mount must return the first state \(an object\); it returned undefined/,
    ],
    [
      'nothing returned',
      at('Bad', 'nothing'),
      /Bad.nothing must return the full next state \(an object\); it returned undefined/,
    ],
    ['a list returned', at('Bad', 'list'), /Bad.list .*it returned an array/],
    ['a text returned', at('Bad', 'text'), /Bad.text .*it returned a string/],
    ['a handler that throws', at('Bad', 'boom'), 'boom'],
    ['a handler that throws null', at('Bad', 'odd'), /The event failed/],
    ['an error that cannot be read', at('Bad', 'unreadable'), /The event failed/],
    ['no object', 7, /must be a JSON object/],
    ['null', null, /must be a JSON object/],
    ['an array', [], /must be a JSON object/],
    ['an event that is not a string', { event: {}, type: 'Counter' }, /event must be a string/],
    ['no type', { event: 'mount' }, /type must be a string/],
    [
      'an instance that is not a string',
      { event: 'mount', type: 'Counter', instance: 1 },
      /instance must be a string/,
    ],
    ['a lone surrogate', { event: 'mount', type: 'Counter', instance: '\ud800' }, /well-formed/],
    ['a very long id', { event: 'mount', type: 'Counter', instance: 'x'.repeat(2_000) }, /too long/],
    ['a payload nested too deep', { ...at('Counter', 'increment'), payload: deep(101) }, /nested too deeply/],
    [
      'a payload that is not an object',
      { ...at('Counter', 'increment'), payload: [1] },
      /payload must be an object/,
    ],
  ];

  it.each(cases)('answers %s with one error patch and changes nothing', async (_name, input, text) => {
    const store = recordingStore({ 'Counter:abc': { count: 1 }, 'Bad:abc': { a: 1 } });
    const patches = await createProcessor(handlers, store, { logger: silent })(input as IncomingMessage);
    expect(patches).toEqual([{ action: 'error', message: expect.stringMatching(text) }]);
    if (typeof text === 'string') expect(patches).toStrictEqual(error(text));
    expect(store.calls.filter(([method]) => method === 'persist')).toEqual([]);
    expect([...store.states.keys()]).toEqual(['Counter:abc', 'Bad:abc']);
  });

  it('answers with the error of a corrupt row or a closed store, and never mounts over it', async () => {
    const mount = jest.fn(() => ({ count: 0 }));
    const store = recordingStore();
    store.load = async () => {
      throw new StoreError('STORE_CORRUPT', 'The row is not JSON.');
    };
    const process = createProcessor({ Counter: { mount } }, store, { logger: silent });
    expect(await process(message('mount'))).toEqual(error('The row is not JSON.'));
    expect(mount).not.toHaveBeenCalled();

    const closed = new MemoryStore();
    await closed.close();
    const onClosed = createProcessor({ Counter }, closed, { logger: silent });
    expect(await onClosed(message('mount'))).toEqual(error('The store was closed; open a new one.'));
  });

  it("does not reveal the message of an application's own store", async () => {
    const store = recordingStore({ 'Counter:abc': { count: 1 } });
    const logged = jest.fn();
    store.persist = async () => {
      throw new Error('password=hunter2 at 10.0.0.7');
    };
    const process = createProcessor({ Counter }, store, { logger: { ...silent, error: logged } });
    const patches = await process(message('increment'));
    expect(patches).toEqual(error('The store failed. See the server log.'));
    expect(JSON.stringify(logged.mock.calls[0][0].err.cause.message)).toContain('hunter2');
  });

  it('survives a store that throws synchronously instead of rejecting', async () => {
    const store = recordingStore();
    store.load = () => {
      throw new Error('sync');
    };
    expect(await createProcessor({ Counter }, store, { logger: silent })(message('mount'))).toEqual(
      error('The store failed. See the server log.'),
    );
  });

  it('mounts without a schema when the provider fails', async () => {
    const schemaProvider = () => Promise.reject(new Error('no'));
    const process = createProcessor({ Counter }, recordingStore(), { schemaProvider, logger: silent });
    expect(await process(message('mount'))).toEqual([bind('count', 1), bind('todos', [])]);
  });
});

describe('createProcessor on a versioned store', () => {
  it('sends the same patches as on a two-method store', async () => {
    const plain = createProcessor({ Counter }, recordingStore());
    const versioned = createProcessor({ Counter }, new MemoryStore());
    for (const sent of [
      message('mount'),
      message('increment'),
      message('drop', { payload: { prop: 'todos' } }),
    ]) {
      expect(await versioned(sent)).toStrictEqual(await plain(sent));
    }
  });

  it('refuses a state that JSON would change, and keeps the previous one', async () => {
    const store = new MemoryStore();
    const handlers = { Counter: { ...Counter, date: () => ({ at: new Date(0) }) } };
    const process = createProcessor(handlers, store, { logger: silent });
    await process(message('mount'));
    const [patch] = await process(message('date'));
    expect(patch).toEqual({ action: 'error', message: expect.stringContaining('/at') });
    expect(await store.load('Counter', 'abc')).toEqual({ count: 1, todos: [] });
  });
});
