import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore } from '@nasc/store-memory';
import express from 'express';
import { attachNasc } from './attach-nasc';
import { recordingStore } from './test-support/recording-store';
import { cleanUp, serve, silent } from './test-support/served';

afterEach(cleanUp);

class Profile {
  mount() {
    return { name: 'Ann' };
  }
  save(payload: { name: string }) {
    return { name: payload.name };
  }
}
const handlers = { Profile: new Profile(), Log: { add: () => ({}), _x: 1 } };
const save = { event: 'save', instance: 'me', type: 'Profile', payload: { name: 'Bea' } };

describe('attachNasc', () => {
  it('takes a Map as a fake store whose plain states a test can read and set', async () => {
    const store = new Map<string, unknown>();
    const { nasc } = await serve({ handlers, store });
    expect(nasc.store).toBe(store);
    await nasc.processMessage({ event: 'mount', instance: 'me', type: 'Profile' });
    expect([...store]).toEqual([['Profile:me', { name: 'Ann' }]]);
    await nasc.processMessage(save);
    expect(store.get('Profile:me')).toEqual({ name: 'Bea' });
    store.set('Profile:me', { name: 'Cid' });
    expect(await nasc.processMessage({ event: 'mount', instance: 'me', type: 'Profile' })).toEqual([
      { action: 'bindUpdate', instance: 'me', type: 'Profile', prop: 'name', value: 'Cid' },
    ]);
  });

  it('isolates a Map from objects that handlers keep', async () => {
    const kept = { n: 1 };
    const store = new Map<string, unknown>();
    const { nasc } = await serve({ handlers: { Doc: { mount: () => kept } }, store });
    await nasc.processMessage({ event: 'mount', type: 'Doc', instance: 'a' });
    kept.n = 2;
    expect(store.get('Doc:a')).toEqual({ n: 1 });
  });

  it('calls a two-method store as documented, over the wire too', async () => {
    const store = recordingStore();
    const { post } = await serve({ handlers, store });
    await post({ event: 'mount', instance: 'me', type: 'Profile', payload: {} });
    await post(save);
    expect(store.calls).toStrictEqual([
      ['load', 'Profile', 'me'],
      ['persist', 'Profile', 'me', { name: 'Ann' }, { name: 'Ann' }],
      ['load', 'Profile', 'me'],
      ['persist', 'Profile', 'me', { name: 'Bea' }, { name: 'Bea' }],
    ]);
  });

  it('creates a MemoryStore by default, and closes only that one', async () => {
    const own = await serve<MemoryStore>({ handlers });
    await own.nasc.processMessage({ event: 'mount', instance: 'me', type: 'Profile' });
    expect(await own.nasc.store.load('Profile', 'me')).toEqual({ name: 'Ann' });
    await Promise.all([own.nasc.close(), own.nasc.close()]);
    await expect(own.nasc.store.load('Profile', 'me')).rejects.toMatchObject({ code: 'STORE_CLOSED' });

    const store = new MemoryStore();
    const given = await serve({ handlers, store });
    await given.nasc.close();
    expect(await store.load('Profile', 'me')).toBeNull();
  });

  it('refuses events with 503 once closed, and leaves the server and its listeners as they were', async () => {
    const app = express();
    const server = createServer(app);
    const nasc = attachNasc({ app, server, handlers });
    expect(server.listenerCount('upgrade')).toBe(1);
    await nasc.close();
    expect(server.listenerCount('upgrade')).toBe(0);
    expect(await nasc.processMessage(save)).toEqual([{ action: 'error', message: 'The server is closing.' }]);

    const served = await serve({ handlers });
    await served.nasc.close();
    expect((await served.post(save)).status).toBe(503);
    expect((await fetch(`${served.url}/nasc/stream`)).status).toBe(503);
  });

  it('watches the store until it is closed', async () => {
    const store = new MemoryStore();
    const unwatch = jest.fn(async () => undefined);
    const watch = jest.spyOn(store, 'watch').mockResolvedValue(unwatch);
    const { nasc } = await serve({ handlers, store });
    expect(watch).toHaveBeenCalledTimes(1);
    expect(unwatch).not.toHaveBeenCalled();
    await Promise.all([nasc.close(), nasc.close()]);
    expect(unwatch).toHaveBeenCalledTimes(1);
  });

  it('works with a store that cannot be watched', async () => {
    const store = new MemoryStore();
    jest.spyOn(store, 'watch').mockRejectedValue(new Error('no'));
    const error = jest.fn();
    const { nasc } = await serve({ handlers, store, logger: { ...silent, error } });
    expect(await nasc.processMessage({ event: 'mount', type: 'Profile' })).toMatchObject([{ value: 'Ann' }]);
    expect(error).toHaveBeenCalledTimes(1);
  });

  it('lets events in flight settle before it closes', async () => {
    const gate = Promise.withResolvers<void>();
    const slow = { mount: () => gate.promise.then(() => ({ done: true })) };
    const { nasc } = await serve<MemoryStore>({ handlers: { Slow: slow } });
    const mounting = nasc.processMessage({ event: 'mount', type: 'Slow' });
    const closing = nasc.close();
    gate.resolve();
    expect(await mounting).toEqual([expect.objectContaining({ prop: 'done', value: true })]);
    await closing;
  });

  it('names a missing or invalid option', () => {
    const server = createServer();
    expect(() => attachNasc({ server, handlers } as never)).toThrow(TypeError);
    expect(() => attachNasc({ app: express(), handlers } as never)).toThrow(/server must be the HTTP server/);
    expect(() => attachNasc({ app: express(), server, handlers, schemaProvider: 7 as never })).toThrow(
      TypeError,
    );
  });
});

describe('the endpoints', () => {
  const get = async (url: string) => {
    const response = await fetch(url);
    return [response.status, (await response.json()) as unknown];
  };

  it('serve schemas and the manifest', async () => {
    const schemaProvider = { $defs: { Profile: { type: 'object' } } };
    const { url } = await serve({ handlers, schemaProvider });
    expect(await get(`${url}/nasc/schema`)).toEqual([200, { types: ['Profile'] }]);
    expect(await get(`${url}/nasc/schema/Profile`)).toEqual([200, { type: 'object' }]);
    const missing = [404, { error: "Schema not found for type 'constructor'" }];
    expect(await get(`${url}/nasc/schema/constructor`)).toEqual(missing);
    const manifest = {
      Profile: { events: ['save'], hasMount: true },
      Log: { events: ['add'], hasMount: false },
    };
    expect(await get(`${url}/nasc/manifest`)).toEqual([200, manifest]);
  });

  it('serve a manifest in production only if asked to', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      const hidden = await serve({ handlers });
      expect((await fetch(`${hidden.url}/nasc/manifest`)).status).toBe(404);
      const shown = await serve({ handlers, manifest: true });
      expect((await fetch(`${shown.url}/nasc/manifest`)).status).toBe(200);
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });

  it('serve the client', async () => {
    const { url } = await serve({ handlers });
    const response = await fetch(`${url}/nasc.js`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/javascript/);
    expect(await response.text()).toMatch(/export\s*\{[^}]*connect/);
  });
});

describe('pages', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nasc-pages-'));
    await mkdir(join(folder, 'public/sub'), { recursive: true });
    await writeFile(join(folder, 'secret.html'), 'secret');
    await writeFile(join(folder, 'public/.hidden.html'), 'secret');
    await writeFile(join(folder, 'public/style.css'), 'b{}');
    const scope = '<div na-scope="me" na-type="Profile"><b na-bind="name">nobody</b></div>';
    await writeFile(join(folder, 'public/app.html'), `<!doctype html><body na-connect>${scope}`);
    await writeFile(join(folder, 'public/sub/other.html'), `<p>other${scope}`);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const raw = (url: string, path: string): Promise<{ status: number | undefined; text: string }> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(url);
      request({ hostname, port, path }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode, text }));
      })
        .on('error', reject)
        .end();
    });

  it('are filled from the store, and a GET mounts nothing', async () => {
    const store = recordingStore();
    const { url, nasc } = await serve({ handlers, store, ssr: { rootDir: join(folder, 'public') } });
    expect(await (await fetch(url)).text()).toContain('<b na-bind="name">nobody</b>');
    expect(store.calls).toEqual([['load', 'Profile', 'me']]);
    await nasc.processMessage({ event: 'mount', instance: 'me', type: 'Profile' });
    await nasc.processMessage({ ...save, payload: { name: '<script>alert(1)</script>' } });
    const page = await fetch(url);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await page.text()).toContain('<b na-bind="name">&lt;script&gt;alert(1)&lt;/script&gt;</b>');
    expect(await (await fetch(`${url}/sub/other.html`)).text()).toMatch(/<p>other.*&lt;script&gt;/);
  });

  it('are served unfilled when the store fails, next to unchanged static files', async () => {
    const store = recordingStore();
    store.load = async () => Promise.reject(new Error('down'));
    const { url } = await serve({ handlers, store, ssr: { rootDir: join(folder, 'public') } });
    expect(await (await fetch(url)).text()).toContain('nobody');
    expect(await (await fetch(`${url}/style.css`)).text()).toBe('b{}');
  });

  it.each([
    '/../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/..%5csecret.html',
    '/sub/../../secret.html',
    '/.hidden.html',
    '/%00.html',
    '/%.html',
    '/missing.html',
    '/sub',
  ])('never come from outside the folder or from hidden files: %s', async (path) => {
    const { url } = await serve({ handlers, ssr: { rootDir: join(folder, 'public') } });
    const { status, text } = await raw(url, path);
    expect(text).not.toContain('secret\n');
    expect(text.trim()).not.toBe('secret');
    expect(status === 404 || status === 400 || status === 403 || status === 301).toBe(true);
    expect((await fetch(url)).status).toBe(200);
  });
});
