import { StoreError } from '@nasc/store-core';
import { MemoryStore } from '@nasc/store-memory';
import type { HandlerContext } from './handler';
import { createProcessor } from '../create-processor';
import { recordingStore } from '../test-support/recording-store';
import { silent } from '../test-support/served';

interface Account {
  cents: number;
}
type Run = (payload: { to: string; cents?: number }, state: Account, ctx: HandlerContext) => unknown;

const pay: Run = async ({ to, cents = 1 }, state, ctx) => {
  const other = (await ctx.get<Account>('Account', to)) ?? { cents: 0 };
  const paid: Account = { ...other, cents: other.cents + cents };
  ctx.set('Account', to, paid);
  return { cents: state.cents - cents };
};

async function bank(handlers: Record<string, Run>, store = new MemoryStore()) {
  await store.persist('Account', 'a', {}, { cents: 100 });
  await store.persist('Account', 'b', {}, { cents: 0 });
  const process = createProcessor({ Account: handlers }, store, { logger: silent });
  const run = (event: string, payload = {}, instance = 'a') =>
    process({ event, type: 'Account', instance, payload });
  const cents = async (id: string) => ((await store.load('Account', id)) as Account | null)?.cents;
  return { store, run, cents };
}

describe('ctx', () => {
  it('calls effects at most once: not if the store could not tell whether it committed', async () => {
    const effect = jest.fn();
    const { store, cents } = await bank({});
    const spend: Run = (_payload, state, ctx) => {
      ctx.afterCommit(effect);
      return { cents: state.cents - 1 };
    };
    const process = createProcessor({ Account: { spend } }, store, { logger: silent });
    const commit = store.commit.bind(store);
    jest.spyOn(store, 'commit').mockImplementationOnce(async (...args) => {
      await commit(...args);
      throw new StoreError('STORE_UNCERTAIN', 'The connection was lost.');
    });
    const message = { event: 'spend', type: 'Account', instance: 'a', eventId: 'e' };
    expect(await process(message)).toEqual([{ action: 'error', message: 'The connection was lost.' }]);
    expect(await process(message)).toMatchObject([{ prop: 'cents', value: 99 }]);
    expect(await cents('a')).toBe(99);
    expect(effect).not.toHaveBeenCalled();
  });

  it('writes several instances in one commit, and sends patches for all', async () => {
    const { run, cents, store } = await bank({ pay });
    const commit = jest.spyOn(store, 'commit');
    expect(await run('pay', { to: 'b', cents: 30 })).toStrictEqual([
      { action: 'bindUpdate', instance: 'a', type: 'Account', prop: 'cents', value: 70 },
      { action: 'bindUpdate', instance: 'b', type: 'Account', prop: 'cents', value: 30 },
    ]);
    expect(commit.mock.calls.map(([writes]) => writes.length)).toEqual([2]);
    expect([await cents('a'), await cents('b')]).toEqual([70, 30]);
  });

  it('loses nothing when events on two instances cross', async () => {
    const { run, cents } = await bank({ pay });
    const payments = Array.from({ length: 8 }, (_, i) =>
      i % 2 === 0 ? run('pay', { to: 'b' }) : run('pay', { to: 'a' }, 'b'),
    );
    const done = (await Promise.all(payments)).map(([patch]) => patch?.action !== 'error');
    const fromA = done.filter((isDone, i) => isDone && i % 2 === 0).length;
    const fromB = done.filter((isDone, i) => isDone && i % 2 === 1).length;
    expect(fromA + fromB).toBeGreaterThan(0);
    expect([await cents('a'), await cents('b')]).toEqual([100 - fromA + fromB, fromA - fromB]);
  });

  it('reads what it has set, returns copies, creates and removes', async () => {
    const seen: unknown[] = [];
    const { run, store } = await bank({
      change: async (_payload, state, ctx) => {
        const b = await ctx.get('Account', 'b');
        if (b) b['cents'] = 999;
        seen.push(await ctx.get('Account', 'b'), await ctx.get('Account', 'new'));
        const made = { cents: 5 };
        ctx.set('Account', 'new', made);
        made.cents = 6;
        ctx.remove('Account', 'b');
        seen.push(await ctx.get('Account', 'new'), await ctx.get('Account', 'b'));
        return state;
      },
    });
    const patches = await run('change');
    expect(seen).toEqual([{ cents: 0 }, null, { cents: 5 }, null]);
    expect(patches).toStrictEqual([
      { action: 'bindUpdate', instance: 'new', type: 'Account', prop: 'cents', value: 5 },
      { action: 'bindUpdate', instance: 'b', type: 'Account', prop: 'cents', value: null, removed: true },
    ]);
    expect(await store.load('Account', 'new')).toEqual({ cents: 5 });
    expect(await store.load('Account', 'b')).toBeNull();
  });

  it('removes its own instance, whatever the handler returns', async () => {
    const { run, store } = await bank({ end: (_payload, _state, ctx) => ctx.remove('Account', 'a') });
    expect(await run('end')).toMatchObject([{ prop: 'cents', value: null, removed: true }]);
    expect(await store.load('Account', 'a')).toBeNull();
    expect(await run('end')).toEqual([{ action: 'error', message: 'Instance a not mounted.' }]);
  });

  it('writes nothing if the handler fails or one of the states is invalid', async () => {
    const { run, cents } = await bank({
      boom: (_payload, _state, ctx) => {
        ctx.set('Account', 'b', { cents: 7 });
        throw new Error('boom');
      },
      bad: (_payload, state, ctx) => {
        ctx.set('Account', 'b', { at: new Date(0) as never });
        return { cents: state.cents + 1 };
      },
      list: (_payload, state, ctx) => {
        ctx.set('Account', 'b', [7]);
        return { cents: state.cents + 1 };
      },
      own: (_payload, state, ctx) => {
        ctx.set('Account', 'a', { cents: 7 });
        return state;
      },
    });
    expect(await run('boom')).toEqual([{ action: 'error', message: 'boom' }]);
    expect(await run('bad')).toMatchObject([{ action: 'error', message: expect.stringContaining('/at') }]);
    expect(await run('list')).toMatchObject([{ action: 'error' }]);
    expect(await run('own')).toMatchObject([
      { action: 'error', message: expect.stringContaining('Return the next state') },
    ]);
    expect([await cents('a'), await cents('b')]).toEqual([100, 0]);
  });

  it('runs the event again if an instance that was read and written has changed', async () => {
    const store = new MemoryStore();
    let runs = 0;
    const { run, cents } = await bank(
      {
        slow: async (payload, state, ctx) => {
          const next = await pay(payload, state, ctx);
          if (++runs === 1) await store.persist('Account', 'b', {}, { cents: 50 });
          return next;
        },
      },
      store,
    );
    await run('slow', { to: 'b', cents: 10 });
    expect(runs).toBe(2);
    expect([await cents('a'), await cents('b')]).toEqual([90, 60]);
  });

  it('refuses a second instance before any write, on a store that writes one at a time', async () => {
    const store = recordingStore({ 'Account:a': { cents: 100 } });
    const process = createProcessor({ Account: { pay } }, store, { logger: silent });
    const patches = await process({ event: 'pay', type: 'Account', instance: 'a', payload: { to: 'b' } });
    expect(patches).toMatchObject([
      { action: 'error', message: expect.stringContaining('several instances at once') },
    ]);
    expect(store.calls.filter(([method]) => method === 'persist')).toEqual([]);

    const single = new MemoryStore();
    Object.defineProperty(single, 'capabilities', { value: { ...single.capabilities, atomic: 'instance' } });
    const { run, cents } = await bank({ pay }, single);
    expect(await run('pay', { to: 'b' })).toMatchObject([{ action: 'error' }]);
    expect([await cents('a'), await cents('b')]).toEqual([100, 0]);
  });

  it('cannot be used after the handler has returned', async () => {
    let kept: HandlerContext | undefined;
    const { run } = await bank({ keep: (_payload, state, ctx) => ((kept = ctx), state) });
    await run('keep');
    expect(() => kept?.set('Account', 'b', {})).toThrow(/after the handler returned/);
    await expect(kept?.get('Account', 'b')).rejects.toThrow(/after the handler returned/);
  });

  it('calls effects once, after the commit; they can send events, and can fail', async () => {
    const store = new MemoryStore();
    const happened: unknown[] = [];
    const done = Promise.withResolvers<void>();
    let runs = 0;
    const { run } = await bank(
      {
        note: async (_payload, state, ctx) => {
          if (++runs === 1) await store.persist('Account', 'a', {}, { cents: 1 });
          ctx.afterCommit(() => Promise.reject(new Error('no harm')));
          ctx.afterCommit(async () => {
            happened.push(await store.load('Account', 'a'));
            happened.push(await run('touch'));
            done.resolve();
          });
          return { cents: state.cents + 1 };
        },
        touch: (_payload, state) => ({ cents: state.cents * 10 }),
        fail: (_payload, _state, ctx) => {
          ctx.afterCommit(() => happened.push('never'));
          throw new Error('boom');
        },
      },
      store,
    );
    await run('fail');
    await run('note');
    await done.promise;
    expect(runs).toBe(2);
    expect(happened).toMatchObject([{ cents: 2 }, [{ value: 20 }]]);
  });
});
