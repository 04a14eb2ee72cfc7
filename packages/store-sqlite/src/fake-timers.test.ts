import { SqliteStore } from './sqlite-store';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();

describe('a store under the fake timers of a test', () => {
  afterEach(() => jest.useRealTimers());

  it('reads, writes and closes, whatever the time is said to be', async () => {
    const store = new SqliteStore(temp('a.db'));
    await store.commit([{ type: 'T', id: 'a', diff: {}, full: { n: 1 } }], { eventId: 'e' });
    jest.useFakeTimers({ now: Date.parse('2050-01-01') });
    const again = await store.commit([{ type: 'T', id: 'a', diff: {}, full: { n: 2 } }], { eventId: 'e' });
    expect(again.status).toBe('duplicate');
    await Promise.all([store.persist('T', 'b', {}, {}), store.persist('T', 'c', {}, {})]);
    expect(await store.list('T')).toEqual(['a', 'b', 'c']);
    jest.setSystemTime(Date.parse('1990-01-01'));
    expect((await store.findEvent('e'))?.status).toBe('committed');
    await store.close();
  });
});
