import { MemoryStore } from '@nasc/store-memory';
import { cleanUp, serve, type Served } from '../test-support/served';
import type { Tab } from '../test-support/tab';

afterEach(cleanUp);

const handlers = {
  Counter: {
    mount: () => ({ count: 0 }),
    increment: (_payload: object, state: { count: number }) => ({ count: state.count + 1 }),
    nothing: () => undefined,
    boom: () => {
      throw new Error('boom');
    },
  },
};
const sent = (event: string, instance = 'a', type = 'Counter') => ({ event, instance, type, payload: {} });
const count = (value: number, instance = 'a') => ({
  action: 'bindUpdate',
  instance,
  type: 'Counter',
  prop: 'count',
  value,
});

type Open = (served: Served<MemoryStore>, client?: string) => Promise<Tab>;
const transports: [string, Open][] = [
  ['SSE', (served, client = 'c') => served.sse(client)],
  ['WebSocket', (served) => served.ws()],
];

describe.each(transports)('over %s', (name, open) => {
  it('sends the patches of mounts and events, as processMessage does', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const tab = await open(served);
    await tab.send(sent('mount'));
    expect((await tab.next()).patches).toStrictEqual([count(0)]);
    await tab.send(sent('increment'));
    expect((await tab.next()).patches).toStrictEqual([count(1)]);
  });

  it('sends the patches of an event without a mount', async () => {
    const store = new MemoryStore();
    await store.persist('Counter', 'a', {}, { count: 4 });
    const served = await serve({ handlers, store });
    const tab = await open(served);
    await tab.send(sent('increment'));
    expect((await tab.next()).patches).toStrictEqual([count(5)]);
  });

  it('sends the patches of an instance to every viewer once, and to no one else', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const [one, two, other] = await Promise.all(['1', '2', '3'].map((client) => open(served, client)));
    for (const tab of [one, two]) await tab?.send(sent('mount'));
    await other?.send(sent('mount', 'b'));
    for (const tab of [one, two, other]) await tab?.next();
    await one?.send(sent('increment'));
    expect((await one?.next())?.patches).toStrictEqual([count(1)]);
    expect((await two?.next())?.patches).toStrictEqual([count(1)]);
    await other?.send(sent('increment', 'b'));
    expect((await other?.next())?.patches).toStrictEqual([count(1, 'b')]);
  });

  it.each([
    ['an unknown type', sent('mount', 'a', 'Nope'), "Unknown handler for type 'Nope'"],
    ['an unknown event', sent('e'), "Unknown event 'e' for Counter"],
    ['event constructor', sent('constructor'), "Unknown event 'constructor' for Counter"],
    ['a handler that throws', sent('boom'), 'boom'],
    [
      'a handler that returns nothing',
      sent('nothing'),
      /must return the full next state .*; it returned undefined/,
    ],
    ['no event', { type: 'Counter' }, /event must be a string/],
    ['an unknown instance', sent('increment', 'zz'), 'Instance zz not mounted.'],
  ])('answers %s with an error patch, and stays open', async (_name, message, text) => {
    const served = await serve<MemoryStore>({ handlers });
    const tab = await open(served);
    await tab.send(sent('mount'));
    await tab.next();
    await tab.send(message);
    expect((await tab.next()).patches).toEqual([{ action: 'error', message: expect.stringMatching(text) }]);
    await tab.send(sent('increment'));
    expect((await tab.next()).patches).toStrictEqual([count(1)]);
  });

  it('handles a burst of events in order, each exactly once', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const tab = await open(served);
    const sending = [tab.send(sent('mount'))];
    if (name === 'SSE') await Promise.all(sending);
    for (let i = 0; i < 50; i++) sending.push(tab.send(sent('increment')));
    await Promise.all(sending);
    const counts: unknown[] = [];
    for (let i = 0; i < 51; i++)
      counts.push(...(await tab.next()).patches.map((patch) => 'value' in patch && patch.value));
    expect(counts).toEqual(Array.from({ length: 51 }, (_, i) => i));
    expect(await served.nasc.store.load('Counter', 'a')).toEqual({ count: 50 });
  });

  it('is ended by close', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const tab = await open(served);
    await served.nasc.close();
    await tab.ended;
  });
});

describe('SSE', () => {
  it('sends each of two tabs with the same client id its patches', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const [one, two] = [await served.sse('same'), await served.sse('same')];
    await one.send(sent('mount'));
    expect((await one.next()).patches).toEqual([count(0)]);
    expect((await two.next()).patches).toEqual([count(0)]);
    one.close();
    await one.ended;
    await two.send(sent('increment'));
    expect((await two.next()).patches).toEqual([count(1)]);
  });

  it('does not send what one tab mounts to another tab of its browser that already has it', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const one = await served.sse('same');
    await one.send(sent('mount'));
    expect((await one.next()).patches).toEqual([count(0)]);
    const two = await served.sse('same');
    await two.send(sent('mount'));
    const { patches, cursor } = await two.next();
    expect(patches).toEqual([count(0)]);
    two.close();
    await two.ended;
    const back = await served.sse('same', { 'Last-Event-ID': cursor });
    await back.send(sent('mount'));
    await back.send(sent('increment'));
    for (const tab of [one, back]) expect((await tab.next()).patches).toEqual([count(1)]);
    await one.send(sent('mount'));
    for (const tab of [one, back]) expect((await tab.next()).patches).toEqual([count(1)]);
  });

  it('carries the cursor in id:, never in a patch', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const tab = await served.sse('c');
    await tab.send(sent('mount'));
    const first = await tab.next();
    await tab.send(sent('increment'));
    const second = await tab.next();
    expect(first.cursor).toMatch(/^Counter:a:[^:]+:1$/);
    expect(second.cursor).toBe(first.cursor.replace(/1$/, '2'));
    expect(Object.keys(second.patches[0] ?? {})).toEqual(['action', 'instance', 'type', 'prop', 'value']);
  });

  it('writes no unexpected lines into the stream', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const tab = await served.sse('c');
    const id = 'x\n\ndata: [1]\n\nid: 7\r\n';
    await tab.send(sent('mount', id));
    const { cursor, patches } = await tab.next();
    expect(patches).toEqual([count(0, id)]);
    expect(cursor).toMatch(/^Counter:x%0A%0Adata%3A%20%5B1%5D%0A%0Aid%3A%207%0D%0A:[^:]+:1$/);
  });

  it('answers a body that is not a message, without a stack', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const refused = async (body: string, headers?: Record<string, string>) => {
      const { status, body: answer } = await served.post(body, headers);
      expect(answer).toEqual({ ok: false, error: expect.stringMatching(/./) });
      expect(JSON.stringify(answer)).not.toMatch(/ at |node_modules/);
      return status;
    };
    expect(await refused('{"event":')).toBe(400);
    expect(await refused('[]')).toBe(400);
    expect(await refused('7')).toBe(400);
    expect(await refused('{}', { 'Content-Type': 'text/plain' })).toBe(415);
    expect(await refused(JSON.stringify({ event: 'x'.repeat(2_000_000) }))).toBe(413);
    expect(await served.post(sent('mount'))).toEqual({ status: 202, body: { ok: true } });
  });

  it('answers an error in the response if there is no stream for it', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const error = "Unknown event 'e' for Counter";
    await served.post(sent('mount'));
    expect(await served.post(sent('e'))).toEqual({ status: 422, body: { ok: false, error } });
    const tab = await served.sse('c');
    const told = await served.post({ ...sent('e'), clientId: 'c' });
    expect(told).toEqual({ status: 202, body: { ok: true } });
    expect((await tab.next()).patches).toEqual([{ action: 'error', message: error }]);
    const asked = await served.post({ ...sent('e'), clientId: 'c', eventId: '1' });
    expect(asked).toEqual({ status: 422, body: { ok: false, error } });
  });

  it.each(['/nasc/stream', '/events'])('answers HEAD %s without opening a stream', async (path) => {
    const served = await serve<MemoryStore>({ handlers });
    const response = await fetch(`${served.url}${path}?clientId=c`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    // Where no stream is there to tell, the answer says it.
    expect((await served.post({ ...sent('e'), clientId: 'c' })).status).toBe(422);
  });

  it('serves the aliases', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const response = await fetch(`${served.url}/events?clientId=c`);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await response.body?.cancel();
    const posted = await fetch(`${served.url}/event`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(sent('mount')),
    });
    expect(posted.status).toBe(202);
    expect(await posted.json()).toEqual({ ok: true });
  });
});

describe('WebSocket', () => {
  it('sends envelopes only to clients that ask for the subprotocol', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const plain = await served.ws();
    const asking = await served.ws({ protocols: ['nasc.v2'] });
    expect(plain.socket?.protocol).toBe('');
    expect(asking.socket?.protocol).toBe('nasc.v2');
    await plain.send(sent('mount'));
    await asking.send(sent('mount'));
    expect(await plain.next()).toEqual({ cursor: '', patches: [count(0)] });
    expect(await asking.next()).toEqual({
      cursor: expect.stringMatching(/^Counter:a:.+:1$/),
      patches: [count(0)],
      whole: ['Counter', 'a'],
    });
  });

  it('acknowledges only messages with an event id, and only if asked for the subprotocol', async () => {
    const served = await serve<MemoryStore>({ handlers });
    const [plain, asking] = [await served.ws(), await served.ws({ protocols: ['nasc.v2'] })];
    for (const tab of [plain, asking]) {
      await tab.send(sent('mount'));
      await tab.next();
    }
    await plain.send({ ...sent('increment'), eventId: 'e1' });
    expect((await plain.next()).patches).toEqual([count(1)]);
    expect((await asking.next()).patches).toEqual([count(1)]);
    await asking.send({ ...sent('increment'), eventId: 'e2' });
    expect((await asking.next()).patches).toEqual([count(2)]);
    expect(await asking.next()).toEqual({ cursor: '', patches: [], ack: 'e2' });
    await asking.send({ ...sent('boom'), eventId: 'e3' });
    expect((await asking.next()).patches).toEqual([{ action: 'error', message: 'boom' }]);
    expect(await asking.next()).toEqual({ cursor: '', patches: [], ack: 'e3', error: 'boom' });
    expect((await plain.next()).patches).toEqual([count(2)]);
    await plain.send(sent('increment'));
    expect((await plain.next()).patches).toEqual([count(3)]);
  });

  it.each([
    ['no JSON', '{{{', 'The message is not JSON.'],
    ['a number', '7', /must be a JSON object/],
    ['null', 'null', /must be a JSON object/],
    ['an empty frame', '', 'The message is not JSON.'],
    ['an array', '[]', /must be a JSON object/],
  ])('answers %s with an error patch, and stays open', async (_name, frame, text) => {
    const served = await serve<MemoryStore>({ handlers });
    const tab = await served.ws();
    await tab.send(frame);
    expect((await tab.next()).patches).toEqual([{ action: 'error', message: expect.stringMatching(text) }]);
    await tab.send(sent('mount'));
    expect((await tab.next()).patches).toEqual([count(0)]);
  });

  it('closes only a socket that breaks the protocol or sends too much', async () => {
    const served = await serve<MemoryStore>({ handlers, maxMessageBytes: 1_000 });
    const [broken, large, good] = [await served.ws(), await served.ws(), await served.ws()];
    // A frame with reserved bits set, not masked; then one of 2,000 bytes.
    const { _socket: raw } = broken.socket as unknown as { _socket: NodeJS.WritableStream };
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    await broken.ended;
    await large.send('x'.repeat(2_000));
    await large.ended;
    await good.send(sent('mount'));
    expect((await good.next()).patches).toEqual([count(0)]);
  });

  it("survives upgrade requests for odd paths, and leaves other handlers' alone", async () => {
    const alone = await serve<MemoryStore>({ handlers });
    for (const path of ['/other', '//', '/%', '/\\']) await expect(alone.ws({ path })).rejects.toThrow(/404/);
    const shared = await serve<MemoryStore>({ handlers }, (_app, server) => {
      server.on('upgrade', (request, socket) => {
        if (request.url === '/mine') socket.end('HTTP/1.1 418 Mine\r\n\r\n');
      });
    });
    await expect(shared.ws({ path: '/mine' })).rejects.toThrow(/418/);
    const tab = await shared.ws();
    await tab.send(sent('mount'));
    expect((await tab.next()).patches).toEqual([count(0)]);
  });
});
