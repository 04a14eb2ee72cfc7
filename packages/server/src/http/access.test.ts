import { MemoryStore } from '@nasc/store-memory';
import type { Authorize } from './access';
import type { HandlerContext } from '../handlers/handler';
import { cleanUp, serve } from '../test-support/served';

afterEach(cleanUp);

const handlers = { Doc: { mount: () => ({ text: 'secret' }), edit: () => ({ text: 'edited' }) } };
const mount = { event: 'mount', type: 'Doc', instance: 'a', payload: {} };
const edit = { ...mount, event: 'edit' };
const notAllowed = [{ action: 'error', message: 'Not allowed.' }];

describe('the origin of a page', () => {
  const evil = { Origin: 'https://evil.example' };

  it("must be the server's own for events and WebSockets", async () => {
    const served = await serve<MemoryStore>({ handlers });
    const { host } = new URL(served.url);
    expect(await served.post(mount, evil)).toEqual({
      status: 403,
      body: { ok: false, error: 'Origin not allowed.' },
    });
    expect((await served.post(mount, { Origin: 'null' })).status).toBe(403);
    expect(await served.nasc.store.load('Doc', 'a')).toBeNull();
    expect((await served.post(mount, { Origin: `http://${host}` })).status).toBe(202);
    await expect(served.ws({ headers: evil })).rejects.toThrow(/403/);
    await served.ws({ headers: { Origin: `http://${host}` } });
  });

  it('can be an allowed origin, or the host that a proxy forwards', async () => {
    const served = await serve<MemoryStore>({ handlers, allowedOrigins: ['https://app.example'] });
    expect((await served.post(mount, { Origin: 'https://app.example' })).status).toBe(202);
    expect((await served.post(mount, evil)).status).toBe(403);
    const proxied = { Origin: 'https://public.example', 'X-Forwarded-Host': 'public.example' };
    expect((await served.post(mount, proxied)).status).toBe(202);
    for (const allowedOrigins of ['*', ['*']] as const) {
      const all = await serve<MemoryStore>({ handlers, allowedOrigins });
      expect((await all.post(mount, evil)).status).toBe(202);
    }
  });

  it('can be written in any usual form', async () => {
    const allowedOrigins = ['HTTPS://App.Example:443/', 'capacitor://localhost'];
    const served = await serve<MemoryStore>({ handlers, allowedOrigins });
    for (const Origin of ['https://app.example', 'capacitor://localhost'])
      expect((await served.post(mount, { Origin })).status).toBe(202);
    expect((await served.post(mount, { Origin: 'https://app.exampl' })).status).toBe(403);
  });
});

describe('authorize', () => {
  const byUser: Authorize = (request, { event }) => request.headers['x-user'] === 'ann' || event === 'schema';

  it('decides on mounts and events, on both transports', async () => {
    const authorize = jest.fn(byUser);
    const served = await serve<MemoryStore>({ handlers, authorize });
    const [stranger, ann] = [await served.ws(), await served.ws({ headers: { 'x-user': 'ann' } })];
    await stranger.send(mount);
    expect((await stranger.next()).patches).toEqual(notAllowed);
    expect(await served.nasc.store.load('Doc', 'a')).toBeNull();
    expect(authorize.mock.calls.at(-1)?.[1]).toEqual({ type: 'Doc', id: 'a', event: 'mount' });
    await ann.send(mount);
    expect((await ann.next()).patches).toMatchObject([{ value: 'secret' }]);
    await stranger.send(edit);
    expect((await stranger.next()).patches).toEqual(notAllowed);
    expect(await served.post(edit)).toEqual({ status: 422, body: { ok: false, error: 'Not allowed.' } });
    expect(await served.nasc.store.load('Doc', 'a')).toEqual({ text: 'secret' });
  });

  it("shows nothing to a stream opened with another client's id", async () => {
    const served = await serve<MemoryStore>({ handlers, authorize: byUser });
    const [spy, ann] = [await served.sse('ann-1'), await served.sse('ann-1', { 'x-user': 'ann' })];
    await served.post({ ...mount, clientId: 'ann-1' }, { 'x-user': 'ann' });
    expect((await ann.next()).patches).toMatchObject([{ value: 'secret' }]);
    await served.post({ ...edit, clientId: 'ann-1' }, { 'x-user': 'ann' });
    expect((await ann.next()).patches).toMatchObject([{ value: 'edited' }]);
    await served.post({ ...edit, event: 'nope', clientId: 'ann-1' }, { 'x-user': 'ann' });
    expect((await ann.next()).patches).toMatchObject([{ action: 'error' }]);
    await served.post({ ...edit, clientId: 'ann-1' });
    expect((await spy.next()).patches).toEqual(notAllowed);
  });

  it('hides from the sender the instances of a commit that it may not see', async () => {
    const store = new MemoryStore();
    for (const id of ['a', 'b']) await store.persist('Doc', id, {}, { text: 'secret' });
    const Doc = {
      copy: (_payload: object, _state: object, ctx: HandlerContext) => {
        ctx.set('Doc', 'b', { text: 'copied', hidden: 'secret' });
        return { text: 'done' };
      },
    };
    const served = await serve({ handlers: { Doc }, store, authorize: (_request, { id }) => id === 'a' });
    const tab = await served.ws();
    await tab.send({ ...edit, event: 'copy' });
    expect((await tab.next()).patches).toEqual([
      { action: 'bindUpdate', instance: 'a', type: 'Doc', prop: 'text', value: 'done' },
    ]);
  });

  it('decides on what a cursor resumes', async () => {
    const store = new MemoryStore();
    await store.persist('Doc', 'a', {}, { text: 'secret' });
    const served = await serve({ handlers, store, authorize: byUser });
    const cursor = 'Doc:a:other:1';
    const ann = await served.sse('1', { 'Last-Event-ID': cursor, 'x-user': 'ann' });
    expect((await ann.next()).patches).toMatchObject([{ value: 'secret' }]);
    const spy = await served.sse('2', { 'Last-Event-ID': cursor });
    await served.post({ ...edit, event: 'x', clientId: '2' });
    expect((await spy.next()).patches).toEqual(notAllowed);
  });

  it('is asked again about all views when the application calls recheckViews', async () => {
    const served = await serve<MemoryStore>({
      handlers,
      authorize: ({ headers }) => allowed.has(headers['x-user']),
    });
    const allowed = new Set<unknown>(['ann', 'bob']);
    const [ann, bob] = [
      await served.sse('1', { 'x-user': 'ann' }),
      await served.ws({ headers: { 'x-user': 'bob' }, protocols: ['nasc.v2'] }),
    ];
    await served.post({ ...mount, clientId: '1' }, { 'x-user': 'ann' });
    await bob.send(mount);
    for (const tab of [ann, bob]) await tab.next();
    allowed.delete('bob');
    await served.nasc.recheckViews();
    await served.nasc.processMessage(edit);
    expect((await ann.next()).patches).toMatchObject([{ value: 'edited' }]);
    await bob.send(mount);
    expect(await bob.next()).toEqual({ cursor: '', patches: notAllowed });
  });

  it('decides on schemas, and refuses by throwing too', async () => {
    const authorize: Authorize = (_request, { type }) => {
      if (type === 'Boom') throw new Error('at /internal/path');
      return type === 'Doc';
    };
    const served = await serve<MemoryStore>({ handlers, authorize, schemaProvider: { Doc: {}, Boom: {} } });
    const status = async (path: string) => (await fetch(served.url + path)).status;
    expect(await status('/nasc/schema/Doc')).toBe(200);
    expect(await status('/nasc/schema/Other')).toBe(403);
    expect(await status('/nasc/schema/Boom')).toBe(403);
    expect(await status('/nasc/schema')).toBe(403);
  });

  it('keeps messages in order, however long it takes', async () => {
    const authorize: Authorize = async (_request, { event }) => {
      if (event === 'mount')
        for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
      return true;
    };
    const served = await serve<MemoryStore>({ handlers, authorize });
    const tab = await served.ws();
    await tab.send(mount);
    await tab.send(edit);
    expect((await tab.next()).patches).toMatchObject([{ value: 'secret' }]);
    expect((await tab.next()).patches).toMatchObject([{ value: 'edited' }]);
  });
});
