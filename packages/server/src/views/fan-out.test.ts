import { MemoryStore } from '@nasc/store-memory';
import type { HandlerContext } from '../handlers/handler';
import { cleanUp, serve, type Served } from '../test-support/served';

afterEach(cleanUp);

interface List {
  items: string[];
  note?: string;
}
const handlers = {
  List: {
    mount: (): List => ({ items: [], note: 'new' }),
    add: ({ text }: { text: string }, state: List) => ({ ...state, items: [...state.items, text] }),
    move: async ({ to }: { to: string }, state: List, ctx: HandlerContext) => {
      const other = (await ctx.get('List', to)) as List | null;
      ctx.set('List', to, { items: [...(other?.items ?? []), ...state.items] });
      return { ...state, items: [] };
    },
    end: (_payload: object, _state: List, ctx: HandlerContext) => ctx.remove('List', 'a'),
  },
};
const mount = (instance = 'a') => ({ event: 'mount', type: 'List', instance, payload: {} });
const add = (text: string, instance = 'a') => ({ event: 'add', type: 'List', instance, payload: { text } });
const items = (...value: string[]) => ({
  action: 'bindUpdate',
  instance: 'a',
  type: 'List',
  prop: 'items',
  value,
});

describe('every viewer of an instance sees every change', () => {
  it('over SSE and WebSocket, and for events that the program sends', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const [sse, ws] = [await served.sse('c'), await served.ws()];
    for (const tab of [sse, ws]) {
      await tab.send(mount());
      await tab.next();
    }
    await sse.send(add('x'));
    for (const tab of [sse, ws]) expect((await tab.next()).patches).toEqual([items('x')]);
    await ws.send(add('y'));
    for (const tab of [sse, ws]) expect((await tab.next()).patches).toEqual([items('x', 'y')]);
    await served.nasc.processMessage(add('z'));
    for (const tab of [sse, ws]) expect((await tab.next()).patches).toEqual([items('x', 'y', 'z')]);
  });

  it('to all instances of one commit', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const [viewsA, viewsB] = [await served.sse('a'), await served.ws()];
    await viewsA.send(mount('a'));
    await viewsB.send(mount('b'));
    for (const tab of [viewsA, viewsB]) await tab.next();
    await viewsA.send(add('x'));
    await viewsA.next();
    await served.nasc.processMessage({ event: 'move', type: 'List', instance: 'a', payload: { to: 'b' } });
    expect((await viewsA.next()).patches).toEqual([items()]);
    expect((await viewsB.next()).patches).toEqual([
      { ...items('x'), instance: 'b' },
      { ...items(), instance: 'b', prop: 'note', value: null, removed: true },
    ]);
  });

  it('by other processes, including removals', async () => {
    const store = new MemoryStore();
    const here = await serve({ handlers, store });
    const there = await serve({ handlers, store: new MemoryStore({ shareWith: store }) });
    const [tabHere, tabThere] = [await here.ws(), await there.sse('c')];
    for (const tab of [tabHere, tabThere]) {
      await tab.send(mount());
      await tab.next();
    }
    await tabHere.send(add('x'));
    for (const tab of [tabHere, tabThere]) expect((await tab.next()).patches).toEqual([items('x')]);
    await tabThere.send(add('y'));
    for (const tab of [tabHere, tabThere]) expect((await tab.next()).patches).toEqual([items('x', 'y')]);
    await store.persist('List', 'a', {}, { items: ['by hand'] });
    for (const tab of [tabHere, tabThere]) {
      expect((await tab.next()).patches).toEqual([
        items('by hand'),
        { ...items(), prop: 'note', value: null, removed: true },
      ]);
    }
    await tabHere.send({ event: 'end', type: 'List', instance: 'a' });
    for (const tab of [tabHere, tabThere])
      expect((await tab.next()).patches).toEqual([{ ...items(), removed: true }]);
  });

  it('even one that comes while the instance is being mounted', async () => {
    const store = new MemoryStore();
    await store.persist('List', 'a', {}, { items: ['old'] });
    const loadVersioned = store.loadVersioned.bind(store);
    jest.spyOn(store, 'loadVersioned').mockImplementationOnce(async (type, id) => {
      const loaded = await loadVersioned(type, id);
      await store.persist('List', 'a', {}, { items: ['new'] });
      return loaded;
    });
    const served = await serve({ handlers, store });
    const tab = await served.ws();
    await tab.send(mount());
    expect((await tab.next()).patches).toEqual([items('old')]);
    expect((await tab.next()).patches).toEqual([items('new')]);
  });

  it('by another process on a two-method store, with the next event', async () => {
    const store = new Map<string, unknown>();
    const served = await serve({ handlers, store });
    const tab = await served.ws();
    await tab.send(mount());
    await tab.next();
    store.set('List:a', { items: ['other'], note: 'changed' });
    await tab.send(add('x'));
    const expected = [items('other', 'x'), { ...items(), prop: 'note', value: 'changed' }];
    expect((await tab.next()).patches).toEqual(expected);
  });
});

describe('a tab that comes back', () => {
  const reopen = {
    'SSE by Last-Event-ID': (served: Awaited<ReturnType<typeof serve>>, cursor: string) =>
      served.sse('c', { 'Last-Event-ID': cursor }),
    'WebSocket by ?cursor=': (served: Awaited<ReturnType<typeof serve>>, cursor: string) =>
      served.ws({ protocols: ['nasc.v2'], path: `/?cursor=${encodeURIComponent(cursor)}` }),
  };

  it.each(Object.entries(reopen))('over %s gets what has changed, and keeps viewing', async (_name, open) => {
    const served = await serve<MemoryStore>({ handlers });
    const before = await served.ws({ protocols: ['nasc.v2'] });
    for (const instance of ['a', 'b']) {
      await before.send(mount(instance));
      await before.next();
    }
    await before.send(add('x'));
    const { cursor } = await before.next();
    before.close();
    await before.ended;
    await served.nasc.processMessage(add('y'));

    const after = await open(served as never, cursor);
    const resumed = await after.next();
    expect(resumed.patches).toEqual([items('x', 'y'), { ...items(), prop: 'note', value: 'new' }]);
    expect(resumed.cursor).not.toBe(cursor);
    await served.nasc.processMessage(add('z', 'b'));
    expect((await after.next()).patches).toEqual([{ ...items('z'), instance: 'b' }]);
  });

  const resume = {
    SSE: (served: Served<MemoryStore>, cursor: string) => served.sse('c', {}, cursor),
    WebSocket: (served: Served<MemoryStore>, cursor: string) =>
      served.ws({ protocols: ['nasc.v2'], path: `/?cursor=${encodeURIComponent(cursor)}` }),
  };
  const schemaProvider = { List: { type: 'object' } };
  const schema = { action: 'schema', instance: 'a', type: 'List', schema: { type: 'object' } };

  it.each(Object.entries(resume))(
    'over %s is told which patches are a whole state, and gets none when it mounts what it resumed',
    async (_name, open) => {
      const served = await serve<MemoryStore>({ handlers, schemaProvider });
      const before = await open(served, '');
      await before.send(mount());
      const first = await before.next();
      expect(first).toMatchObject({ whole: ['List', 'a'], patches: [schema, items(), { prop: 'note' }] });
      before.close();
      await before.ended;

      const unchanged = await open(served, first.cursor);
      await unchanged.send(mount());
      expect(await unchanged.next()).toEqual({ cursor: first.cursor, patches: [schema] });
      unchanged.close();
      await unchanged.ended;
      await served.nasc.store.persist('List', 'a', {}, {});

      const changed = await open(served, first.cursor);
      expect(await changed.next()).toMatchObject({ whole: ['List', 'a'], patches: [] });
      await changed.send(mount());
      expect((await changed.next()).patches).toEqual([schema]);
      await changed.send(mount());
      expect(await changed.next()).toMatchObject({ whole: ['List', 'a'], patches: [schema] });
    },
  );

  it('gets nothing for an invalid cursor, and keeps its stream', async () => {
    const served = await serve<MemoryStore>({ handlers });
    await served.nasc.processMessage(mount());
    for (const cursor of [
      '%',
      'a:b',
      ':a:e:1',
      'Nope:a:e:1',
      'List:zz:e:1',
      'x'.repeat(5_000),
      'List:a:e:-1',
    ]) {
      const tab = await served.sse('c', { 'Last-Event-ID': cursor });
      await tab.send(add('x', 'missing'));
      expect((await tab.next()).patches).toMatchObject([{ action: 'error' }]);
      tab.close();
      await tab.ended;
    }
  });
});
