import { timers } from '@nasc/store-core';
import { MemoryStore } from './memory-store';

const write = (id: string, full: { n: number } | null): Parameters<MemoryStore['commit']>[0][number] => ({
  type: 'T',
  id,
  diff: {},
  full,
});

describe('MemoryStore', () => {
  it('shares everything with the handles that are made on it, and nothing with others', async () => {
    const [first, other] = [new MemoryStore(), new MemoryStore()];
    const second = new MemoryStore({ shareWith: first });
    const hints: string[] = [];
    await second.watch(({ id, rev }) => hints.push(`${id}@${rev}`));
    await first.commit([write('a', { n: 1 })], { eventId: 'e' });
    expect(await second.loadVersioned('T', 'a')).toEqual(await first.loadVersioned('T', 'a'));
    expect(await second.commit([write('a', { n: 2 })], { eventId: 'e' })).toEqual({
      status: 'duplicate',
      revs: [1],
    });
    expect(hints).toEqual(['a@1']);
    await first.close();
    expect(await second.load('T', 'a')).toEqual({ n: 1 });
    expect(await other.load('T', 'a')).toBeNull();
  });

  it('forgets event ids after their retention, oldest first', async () => {
    const clock = jest.spyOn(timers, 'now').mockReturnValue(0);
    try {
      const store = new MemoryStore({ eventRetention: 1_000 });
      await store.commit([write('a', { n: 1 })], { eventId: 'old' });
      clock.mockReturnValue(900);
      await store.commit([write('a', { n: 2 })], { eventId: 'new' });
      clock.mockReturnValue(1_100);
      expect((await store.commit([write('a', { n: 3 })], { eventId: 'new' })).status).toBe('duplicate');
      expect((await store.commit([write('a', { n: 4 })], { eventId: 'old' })).status).toBe('committed');
    } finally {
      clock.mockRestore();
    }
  });

  it('forgets tombstones after their retention, and uses no rev twice', async () => {
    const clock = jest.spyOn(timers, 'now').mockReturnValue(0);
    try {
      const store = new MemoryStore({ tombstoneRetention: 1_000 });
      for (const n of [1, 2, 3]) await store.commit([write('gone', { n })]);
      for (const id of ['gone', 'back']) await store.commit([write(id, { n: 0 }), write(`${id}2`, { n: 0 })]);
      await store.remove('T', 'gone');
      await store.remove('T', 'back');
      expect((await store.commit([write('back', { n: 1 })])).revs).toEqual([3]);
      clock.mockReturnValue(1_100);
      expect((await store.commit([write('new', { n: 1 })])).revs).toEqual([6]);
      expect((await store.commit([write('gone', { n: 1 })])).revs).toEqual([6]);
      expect((await store.commit([write('back', { n: 1 })])).revs).toEqual([4]);
    } finally {
      clock.mockRestore();
    }
  });

  it('refuses wrong options with a TypeError', () => {
    expect(() => new MemoryStore({ shareWith: {} as never })).toThrow(TypeError);
    expect(() => new MemoryStore({ eventRetention: NaN })).toThrow(TypeError);
    expect(() => new MemoryStore({ tombstoneRetention: -1 })).toThrow(TypeError);
    expect(() => new MemoryStore({ eventRetentoin: 1 } as never)).toThrow(
      'Unknown option "eventRetentoin". Did you mean "eventRetention"?',
    );
  });

  it('has no plan', () => {
    expect('plan' in new MemoryStore()).toBe(false);
  });
});
