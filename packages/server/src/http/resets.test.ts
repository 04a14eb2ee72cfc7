import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { MemoryStore } from '@nasc/store-memory';
import { cleanUp, serve, type Served } from '../test-support/served';

afterEach(cleanUp);

const handlers = { Counter: { mount: () => ({ count: 0 }) } };
const upgrade = (path: string, ...headers: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '\r\n',
  ].join('\r\n');
const evil = 'Origin: http://evil.example';

/** A connection that sends `text`, and the server's end of it. */
async function send(server: Server, text: string): Promise<{ client: Socket; atServer: Socket }> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [atServer] = await accepted;
  client.write(text);
  return { client, atServer };
}

/** Resolves when a socket is gone, whether it failed or not. */
async function gone(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** With another listener for upgrades next to Nasc's, which leaves them alone. */
async function shared(): Promise<Served<MemoryStore>> {
  return serve<MemoryStore>({ handlers }, (_app, server) => server.on('upgrade', () => undefined));
}

describe('a refused upgrade', () => {
  it.each([
    ['for its path', upgrade('/other'), /^HTTP\/1\.1 404 Not Found\r\n/],
    ['for its origin', upgrade('/', evil), /^HTTP\/1\.1 403 Forbidden\r\n/],
  ])('%s is answered and released by the server', async (_why, request, answer) => {
    const { server } = await serve<MemoryStore>({ handlers });
    const { client, atServer } = await send(server, request);
    const [data] = (await once(client, 'data')) as [Buffer];
    expect(data.toString()).toMatch(answer);
    // The client keeps its end open.
    await gone(atServer);
    client.destroy();
  });
});

describe('a client that resets its connection', () => {
  it.each([
    ['an upgrade for another path', upgrade('/other')],
    ['an upgrade from another origin', upgrade('/', evil)],
    ['an upgrade that is no WebSocket', upgrade('/').replace('Version: 13', 'Version: 1')],
    ['a WebSocket', upgrade('/')],
    ['a stream', 'GET /nasc/stream?clientId=c HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['the half of an event', 'POST /nasc/event HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'],
  ])('ends nothing else when it does so in %s', async (_what, request) => {
    const served = await serve<MemoryStore>({ handlers });
    const { client, atServer } = await send(served.server, request);
    // Before it could see that it is over.
    atServer.once('data', () => client.resetAndDestroy());
    await gone(atServer);
    const message = { type: 'Counter', instance: 'a', event: 'mount' };
    expect((await served.post(message)).status).toBe(202);
  });

  it('ends nothing else when it does so in an upgrade that no one handles', async () => {
    const served = await shared();
    const upgraded = once(served.server, 'upgrade');
    const { client, atServer } = await send(served.server, upgrade('/other'));
    await upgraded;
    client.resetAndDestroy();
    await gone(atServer);
    expect((await fetch(`${served.url}/nasc/schema`)).status).toBe(200);
  });

  it('gets no stream if it does so before the stream begins', async () => {
    const { promise: waiting, resolve: isWaiting } = Promise.withResolvers<void>();
    const { promise: left, resolve: hasLeft } = Promise.withResolvers<void>();
    const served = await serve<MemoryStore>({ handlers }, (app) => {
      app.use('/nasc/stream', async (_request, response, next) => {
        isWaiting();
        response.once('close', hasLeft);
        await left;
        next();
      });
    });
    const request = 'GET /nasc/stream?clientId=c HTTP/1.1\r\nHost: x\r\n\r\n';
    const { client } = await send(served.server, request);
    await waiting;
    client.resetAndDestroy();
    await left;
    // Told on no stream, an error is told in the answer.
    const unknown = { type: 'Counter', instance: 'a', event: 'no', clientId: 'c' };
    expect((await served.post(unknown)).status).toBe(422);
  });
});
