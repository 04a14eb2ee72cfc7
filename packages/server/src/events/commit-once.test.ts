import { MemoryStore } from '@nasc/store-memory';
import { SqliteStore } from '@nasc/store-sqlite';
import type { VersionedStore } from '@nasc/store-core';
import type { HandlerContext } from '../handlers/handler';
import { createProcessor } from '../create-processor';
import { recordingStore } from '../test-support/recording-store';
import { silent } from '../test-support/served';

interface Account {
  balance: number;
}
const handlers = {
  Account: {
    mount: (): Account => ({ balance: 100 }),
    withdraw({ amount }: { amount: number }, state: Account) {
      if (state.balance < amount) throw new Error('Insufficient funds');
      return { balance: state.balance - amount };
    },
    move({ amount }: { amount: number }, state: Account, ctx: HandlerContext) {
      if (state.balance < amount) throw new Error('Insufficient funds');
      ctx.set('Account', 'b', { balance: amount });
      return { balance: state.balance - amount };
    },
    spend: (_payload: object, { balance }: Account) => (balance > 0 ? { balance: 0 } : undefined),
    divide: (_payload: object, { balance }: Account) => ({ balance: balance > 1 ? 1 : NaN }),
    close(_payload: object, state: Account, ctx: HandlerContext) {
      ctx.remove(ctx.type, ctx.id);
      return state;
    },
  },
};
const message = (event: string, eventId?: string, clientId = 'c') => ({
  ...{ type: 'Account', instance: 'a', payload: { amount: 100 } },
  ...{ event, clientId, ...(eventId !== undefined && { eventId }) },
});
const balance = (value: number) => ({
  action: 'bindUpdate',
  instance: 'a',
  type: 'Account',
  prop: 'balance',
  value,
});
const refused = [{ action: 'error', message: 'Insufficient funds' }];

const stores: [string, () => VersionedStore][] = [
  ['MemoryStore', () => new MemoryStore()],
  ['SqliteStore', () => new SqliteStore(':memory:')],
  ['a store without findEvent', () => Object.assign(new MemoryStore(), { findEvent: undefined as never })],
];

describe.each(stores)('an event that is sent again, on %s', (_name, open) => {
  let store: VersionedStore;
  afterEach(() => store.close());

  async function mounted() {
    store = open();
    const process = createProcessor(handlers, store, { logger: silent });
    await process(message('mount'));
    return process;
  }

  it.each([
    ['throws', 'withdraw', 0],
    ['throws, and wrote two instances the first time', 'move', 0],
    ['returns no state', 'spend', 0],
    ['returns what cannot be stored', 'divide', 1],
  ])('counts as done even if its handler now %s', async (_how, event, after) => {
    const process = await mounted();
    await process(message(event, 'e'));
    expect(await process(message(event, 'e'))).toStrictEqual([balance(after)]);
    expect(await store.loadVersioned('Account', 'a')).toMatchObject({ state: { balance: after }, rev: 2 });
  });

  it('counts as done even if it removed its instance', async () => {
    const process = await mounted();
    await process(message('close', 'e'));
    expect(await process(message('close', 'e'))).toStrictEqual([]);
    expect(await store.load('Account', 'a')).toBeNull();
  });

  it('is refused if it was never done, and can still be done later', async () => {
    const process = await mounted();
    await process(message('withdraw', 'e'));
    for (const again of [message('withdraw', 'f'), message('withdraw', 'e', 'other'), message('withdraw')])
      expect(await process(again)).toStrictEqual(refused);
    expect(await store.loadVersioned('Account', 'a')).toMatchObject({ state: { balance: 0 }, rev: 2 });
    await store.persist('Account', 'a', {}, { balance: 150 });
    expect(await process(message('withdraw', 'f'))).toStrictEqual([balance(50)]);
    const gone = { ...message('withdraw', 'g'), instance: 'none' };
    expect(await process(gone)).toEqual([{ action: 'error', message: 'Instance none not mounted.' }]);
  });
});

it('is refused if its handler refuses it, on a store without event ids', async () => {
  const store = recordingStore({ 'Account:a': { balance: 0 } });
  const process = createProcessor(handlers, store, { logger: silent });
  expect(await process(message('withdraw', 'e'))).toStrictEqual(refused);
  expect(store.calls.map(([name]) => name)).toEqual(['load']);
});
