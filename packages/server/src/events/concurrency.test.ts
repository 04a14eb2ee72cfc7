import type { Write } from '@nasc/store-core';
import { MemoryStore } from '@nasc/store-memory';
import { createProcessor } from '../create-processor';
import { MAX_TRIES } from '../instances/retry-conflicts';
import { recordingStore } from '../test-support/recording-store';
import { silent } from '../test-support/served';

interface Counter {
  count: number;
}
const tick = () => new Promise((resolve) => setImmediate(resolve));
const Counter = {
  mount: () => ({ count: 0 }),
  async increment(_payload: object, state: Counter) {
    await tick();
    return { count: state.count + 1 };
  },
};
const sent = (event: string) => ({ event, type: 'Counter', instance: 'a' });

describe('events of one instance', () => {
  it.each([
    ['a store of two methods', recordingStore],
    ['a versioned store', () => new MemoryStore()],
  ])('run in order and lose nothing when sent in parallel, on %s', async (_name, open) => {
    const store = open();
    const process = createProcessor({ Counter }, store, { logger: silent });
    const answers = [process(sent('mount'))];
    for (let i = 0; i < 100; i++) answers.push(process(sent('increment')));
    const values = (await Promise.all(answers)).map(([patch]) => patch && 'value' in patch && patch.value);
    expect(values).toEqual(Array.from({ length: 101 }, (_, i) => i));
    expect(await store.load('Counter', 'a')).toEqual({ count: 100 });
  });

  it('lose nothing between processes: the slower one runs again', async () => {
    const store = new MemoryStore();
    const processes = [store, new MemoryStore({ shareWith: store }), new MemoryStore({ shareWith: store })];
    const engines = processes.map((each) => createProcessor({ Counter }, each, { logger: silent }));
    await engines[0]?.(sent('mount'));
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) => engines[i % engines.length]?.(sent('increment'))),
    );
    const done = answers.filter((patches) => patches?.[0]?.action === 'bindUpdate').length;
    expect(await store.load('Counter', 'a')).toEqual({ count: done });
    expect(done).toBeGreaterThan(0);
  });

  it('are retried a limited number of times', async () => {
    const store = new MemoryStore();
    const process = createProcessor({ Counter }, store, { logger: silent });
    await process(sent('mount'));
    const commit = jest.spyOn(store, 'commit');
    const increment = jest.spyOn(Counter, 'increment').mockImplementation(async (_payload, state) => {
      await MemoryStore.prototype.persist.call(store, 'Counter', 'a', {}, { count: -state.count });
      return { count: 1 };
    });
    try {
      const [patch] = await process(sent('increment'));
      expect(patch).toMatchObject({ action: 'error', message: expect.stringContaining('Load it again') });
      expect(increment).toHaveBeenCalledTimes(MAX_TRIES);
      expect(commit).toHaveBeenCalledTimes(MAX_TRIES);
    } finally {
      increment.mockRestore();
    }
  });

  it('are refused at the first conflict if the handler wants that', async () => {
    const store = new MemoryStore();
    const run = jest.fn(async (_payload: object, state: Counter) => {
      await store.persist('Strict', 'a', {}, { count: 9 });
      return { count: state.count + 1 };
    });
    const Strict = { onConflict: 'reject', mount: () => ({ count: 0 }), run };
    const process = createProcessor({ Strict }, store, { logger: silent });
    await process({ event: 'mount', type: 'Strict', instance: 'a' });
    const [patch] = await process({ event: 'run', type: 'Strict', instance: 'a' });
    expect(patch?.action).toBe('error');
    expect(run).toHaveBeenCalledTimes(1);
    expect(await store.load('Strict', 'a')).toEqual({ count: 9 });
  });

  it('are refused if they would wait for themselves, and the instance stays usable', async () => {
    const store = new MemoryStore();
    const process = createProcessor(
      {
        Counter: {
          ...Counter,
          async twice(_payload: object, state: Counter) {
            const [patch] = await process(sent('increment'));
            return { ...state, said: patch && 'message' in patch ? patch.message : '' };
          },
        },
      },
      store,
      { logger: silent },
    );
    await process(sent('mount'));
    const [patch] = await process(sent('twice'));
    expect(patch).toMatchObject({
      prop: 'said',
      value: expect.stringMatching(/^Deadlock: .*afterCommit/),
    });
    expect(await process(sent('increment'))).toMatchObject([{ value: 1 }, { prop: 'said', removed: true }]);
  });
});

describe('mounts of one instance', () => {
  it('have one winner when several processes mount at once', async () => {
    const store = new MemoryStore();
    let made = 0;
    const Random = {
      async mount() {
        const mine = ++made;
        await tick();
        return { mine };
      },
    };
    const engines = [1, 2, 3, 4].map(() =>
      createProcessor({ Random }, new MemoryStore({ shareWith: store }), { logger: silent }),
    );
    const answers = await Promise.all(
      engines.map((process) => process({ event: 'mount', type: 'Random', instance: 'a' })),
    );
    const winner = await store.loadVersioned('Random', 'a');
    expect(made).toBeGreaterThan(1);
    expect(winner?.rev).toBe(1);
    for (const [patch] of answers)
      expect(patch).toMatchObject({ prop: 'mine', value: winner?.state['mine'] });
  });

  it('call the handler once when one process mounts twice at once', async () => {
    const mount = jest.fn(async () => {
      await tick();
      return { count: 0 };
    });
    const process = createProcessor({ Counter: { mount } }, recordingStore(), { logger: silent });
    await Promise.all([1, 2, 3].map(() => process(sent('mount'))));
    expect(mount).toHaveBeenCalledTimes(1);
  });
});

describe('an event id', () => {
  const handlers = { Counter };

  it('takes effect once for its client, and a repetition returns the state', async () => {
    const store = new MemoryStore();
    const process = createProcessor(handlers, store, { logger: silent });
    await process(sent('mount'));
    const event = { ...sent('increment'), eventId: 'e1', clientId: 'c1' };
    expect(await process(event)).toMatchObject([{ prop: 'count', value: 1 }]);
    await process(sent('increment'));
    expect(await process(event)).toMatchObject([{ prop: 'count', value: 2 }]);
    expect(await store.load('Counter', 'a')).toEqual({ count: 2 });
  });

  it('belongs to one client, instance and event', async () => {
    const store = new MemoryStore();
    const process = createProcessor({ Counter: { ...Counter, add: Counter.increment } }, store, {
      logger: silent,
    });
    await process(sent('mount'));
    const event = { ...sent('increment'), eventId: 'e1', clientId: 'c1' };
    await process(event);
    await process({ ...event, clientId: 'c2' });
    await process({ ...event, event: 'add' });
    await process({ ...event, instance: 'b', event: 'mount' });
    await process({ ...event, instance: 'b' });
    expect(await store.load('Counter', 'a')).toEqual({ count: 3 });
    expect(await store.load('Counter', 'b')).toEqual({ count: 1 });
  });

  it('is recorded as a hash, not as the client sent it', async () => {
    const store = new MemoryStore();
    const commit = jest.spyOn(store, 'commit');
    const process = createProcessor(handlers, store, { logger: silent });
    await process(sent('mount'));
    await process({ ...sent('increment'), eventId: 'e1' });
    const [, options] = commit.mock.calls.at(-1) as [Write[], { eventId: string }];
    expect(options.eventId).toMatch(/^[\w-]{43}$/);
  });

  it('is not used up by a refused event', async () => {
    const store = new MemoryStore();
    let fail = true;
    const flaky = (_payload: object, state: Counter) => (fail ? undefined : { count: state.count + 1 });
    const process = createProcessor({ Counter: { ...Counter, flaky } }, store, { logger: silent });
    await process(sent('mount'));
    const event = { ...sent('flaky'), eventId: 'e1' };
    expect(await process(event)).toMatchObject([{ action: 'error' }]);
    fail = false;
    expect(await process(event)).toMatchObject([{ prop: 'count', value: 1 }]);
  });

  it('has no effect on a store that does not record event ids', async () => {
    const process = createProcessor(handlers, recordingStore(), { logger: silent });
    await process(sent('mount'));
    const event = { ...sent('increment'), eventId: 'e1' };
    expect(await process(event)).toMatchObject([{ value: 1 }]);
    expect(await process(event)).toMatchObject([{ value: 2 }]);
  });
});
