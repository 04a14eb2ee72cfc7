import type { JsonObject } from '@nasc/store-core';
import { useStores } from './test-support/open-store';

const { store } = useStores();

const item = (): JsonObject => ({ id: 'a', title: 'A', completed: true });
const list = (...items: unknown[]): JsonObject => ({ id: 'my', items }) as JsonObject;

/** What makes `item()` something else, however alike it looks. */
const lookalikes: [string, unknown][] = [
  ['1 for true', { ...item(), completed: 1 }],
  ["'true' for true", { ...item(), completed: 'true' }],
  ['null for what is missing', { ...item(), note: null }],
  ['another order', { completed: true, id: 'a', title: 'A' }],
  ['a property more', { ...item(), more: 0 }],
  ['a property less', { id: 'a', title: 'A' }],
  ['a property null', { ...item(), title: null }],
  ['its values in an array', ['a', 'A', true]],
];

/** What the guard refuses, though its properties are those of `item()`. */
const refused: [string, () => object][] = [
  ['a hidden property', () => Object.defineProperty(item(), 'toJSON', { value: () => 'x' })],
  ['a class', () => Object.assign(new (class Todo {})(), item())],
  ['an inherited property', () => Object.assign(Object.create({ id: 'a' }) as object, { title: 'A' })],
];

describe('an item beside those that are known', () => {
  it.each(lookalikes)('is not taken for one that it is not: %s', async (_name, other) => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list(item(), item()));
    await held.persist('TodoList', 'my', {}, list(item(), other));
    const loaded = JSON.stringify(list(item(), other));
    expect(JSON.stringify(await held.load('TodoList', 'my'))).toBe(loaded);
    expect(JSON.stringify(await store().load('TodoList', 'my'))).toBe(loaded);
    await held.persist('TodoList', 'my', {}, list(item(), item()));
    expect(JSON.stringify(await store().load('TodoList', 'my'))).toBe(JSON.stringify(list(item(), item())));
  });

  it.each(refused)('is refused as it would be in a new list: %s', async (_name, make) => {
    const held = store();
    for (const known of [false, true]) {
      if (known) await held.persist('TodoList', 'my', {}, list(item()));
      const persisted = held.persist('TodoList', 'my', {}, list(make()));
      await expect(persisted).rejects.toMatchObject({ code: 'STORE_INVALID_STATE' });
      expect(await held.load('TodoList', 'my')).toEqual(known ? list(item()) : null);
    }
  });

  it('passes where JSON says the same of it, and nothing is written for it', async () => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list(item(), item(), item()));
    const computed = Object.defineProperty(item(), 'completed', { get: () => true, enumerable: true });
    const marked = Object.assign(item(), { [Symbol('s')]: 1 });
    const full = list(computed, marked, new Proxy(item(), {}));
    expect(await held.plan([{ type: 'TodoList', id: 'my', diff: {}, full }])).toEqual([]);
    await held.persist('TodoList', 'my', {}, full);
    expect(await held.loadVersioned('TodoList', 'my')).toMatchObject({
      state: list(item(), item(), item()),
      rev: 2,
    });
  });

  it('is its own only where its properties are', async () => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list(item(), item()));
    Object.defineProperty(Object.prototype, 'completed', {
      value: true,
      enumerable: true,
      configurable: true,
    });
    try {
      const without = { id: 'a', title: 'A' };
      await held.persist('TodoList', 'my', {}, list(without, item()));
    } finally {
      delete (Object.prototype as { completed?: boolean }).completed;
    }
    expect(await store().load('TodoList', 'my')).toEqual(list({ id: 'a', title: 'A' }, item()));
  });

  it('makes an array with named properties no better', async () => {
    const held = store();
    await held.persist('TodoList', 'my', {}, list(item()));
    const state = list(item());
    Object.assign(state.items as object, { more: 1 });
    await expect(held.persist('TodoList', 'my', {}, state)).rejects.toMatchObject({
      code: 'STORE_INVALID_STATE',
    });
  });

  it('is found behind what was removed, inserted and repeated', async () => {
    const held = store();
    const numbered = (...ids: number[]): JsonObject => list(...ids.map((id) => ({ ...item(), id: `${id}` })));
    const steps = [[1, 2, 3, 4, 5], [2, 3, 9, 4, 5], [5, 4, 3, 2, 2, 2], [], [2, 5], [5, 2, 7]];
    for (const step of steps) {
      await held.persist('TodoList', 'my', {}, numbered(...step));
      expect(await held.load('TodoList', 'my')).toEqual(numbered(...step));
      expect(await store().load('TodoList', 'my')).toEqual(numbered(...step));
    }
  });
});
