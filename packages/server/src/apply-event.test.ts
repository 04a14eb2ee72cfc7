import { MemoryStore } from '@nasc/store-memory';
import { applyEvent } from './apply-event';
import { recordingStore } from './test-support/recording-store';

interface Counter {
  count: number;
  label?: string;
}

const handler = {
  increment: (payload: { delta: number }, state: Counter) => ({
    ...state,
    count: state.count + payload.delta,
  }),
  async mutate(_payload: object, state: Counter) {
    await Promise.resolve();
    state.count += 1;
    delete state.label;
    return state;
  },
  nothing: () => undefined,
  boom: () => {
    throw new TypeError('boom');
  },
};

describe('applyEvent', () => {
  it('persists the diff and the full next state, and returns both', async () => {
    const store = recordingStore();
    const outcome = await applyEvent(
      handler,
      'increment',
      { delta: 2 },
      { count: 1, label: 'a' },
      store,
      'Counter',
      '1',
    );
    expect(outcome).toEqual({ diff: { count: 3 }, newState: { count: 3, label: 'a' } });
    expect(store.calls).toEqual([['persist', 'Counter', '1', { count: 3 }, { count: 3, label: 'a' }]]);
  });

  it('gives the handler a copy to change, and reports a removal as an own undefined', async () => {
    const current = { count: 1, label: 'a' };
    const { diff, newState } = await applyEvent(
      handler,
      'mutate',
      {},
      current,
      recordingStore(),
      'Counter',
      '1',
    );
    expect(current).toEqual({ count: 1, label: 'a' });
    expect(newState).toEqual({ count: 2 });
    expect(Object.keys(diff)).toEqual(['count', 'label']);
    expect(diff).toStrictEqual({ count: 2, label: undefined });
  });

  it('persists an empty diff too', async () => {
    const store = recordingStore();
    await applyEvent(handler, 'increment', { delta: 0 }, { count: 1 }, store, 'Counter', '1');
    expect(store.calls).toEqual([['persist', 'Counter', '1', {}, { count: 1 }]]);
  });

  it('writes nothing on a dry run, and returns the plan if the store has one', async () => {
    const store = recordingStore();
    const dry = await applyEvent(
      handler,
      'increment',
      { delta: 1 },
      { count: 1 },
      store,
      'Counter',
      '1',
      true,
    );
    expect(dry).toEqual({ diff: { count: 2 }, newState: { count: 2 } });
    expect(store.calls).toEqual([]);

    const statement = { sql: 'UPDATE', params: [2] };
    const planning = Object.assign(new MemoryStore(), { plan: jest.fn(async () => [statement]) });
    const planned = await applyEvent(
      handler,
      'increment',
      { delta: 1 },
      { count: 1 },
      planning,
      'Counter',
      '1',
      true,
    );
    expect(planned.plan).toEqual([statement]);
    expect(planning.plan).toHaveBeenCalledWith([
      { type: 'Counter', id: '1', diff: { count: 2 }, full: { count: 2 }, ifRev: undefined },
    ]);
    expect(await planning.load('Counter', '1')).toBeNull();
  });

  it('rejects unknown events, results that are not a state, and whatever the handler threw', async () => {
    const store = recordingStore();
    const apply = (event: string) => applyEvent(handler, event, {}, { count: 1 }, store, 'X', '1');
    await expect(apply('missing')).rejects.toThrow("Unknown event 'missing' for X");
    await expect(apply('constructor')).rejects.toThrow("Unknown event 'constructor' for X");
    await expect(apply('nothing')).rejects.toThrow(
      'X.nothing must return the full next state (an object); it returned undefined.',
    );
    await expect(apply('boom')).rejects.toThrow(new TypeError('boom'));
    expect(store.calls).toEqual([]);
  });
});
