import { describeInBrowser } from './test-support/describe-in-browser';
import { CURSOR } from './test-support/page-server';
import { openClientPage, stopPageServers, update } from './test-support/open-client-page';

afterEach(stopPageServers);

const BODY = `<main na-scope="1" na-type="List"><p na-bind="tick"></p><button na-click="go">go</button>
  <input ng-bind="name"></main>`;

describeInBrowser('the connection', (openPage) => {
  for (const over of ['sse', 'ws'] as const) {
    it(`reconnects over ${over} after the server was down, mounts again and sends what waited`, async () => {
      const { page, server } = await openClientPage(openPage, BODY, {
        query: `?transport=${over}`,
        mounted: [update('tick', 'one'), update('name', 'Guest')],
      });
      await page.getByText('one').waitFor();
      await page.locator('input').fill('Not sent yet');
      await server.stop();
      await page.locator('body[na-status="offline"]').waitFor();
      await page.locator('button').click();
      server.onMount = () => [update('tick', 'two'), update('name', 'Guest')];
      await server.start();
      expect((await server.event('go')).over).toBe(over);
      expect(server.received.map(({ message }) => message.event)).toEqual(['mount', 'mount', 'go']);
      await page.getByText('two').waitFor();
      await page.locator('body[na-status="online"]').waitFor();
      expect(await page.locator('input').inputValue()).toBe('Not sent yet');
    });

    it(`resends unanswered events over ${over}, with their ids and in order`, async () => {
      const { page, server } = await openClientPage(openPage, BODY, { query: `?transport=${over}` });
      server.beforeAnswer = new Promise(() => undefined);
      await page.locator('button').click();
      const first = await server.event('go');
      await page.locator('button').click();
      await server.stop();
      server.beforeAnswer = Promise.resolve();
      server.received.length = 0;
      await server.start();
      await server.event('go', 2);
      await page.locator('button').click();
      await server.event('go', 3);
      const ids = server.received.flatMap(({ message: { event, eventId } }) =>
        event === 'go' ? [eventId] : [],
      );
      expect(ids[0]).toBe(first.message.eventId);
      expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
      expect(new Set(ids).size).toBe(3);
    });

    it(`says over ${over} where it was when it reconnects, and forgets what is gone`, async () => {
      const { page, server } = await openClientPage(openPage, BODY, {
        query: `?transport=${over}`,
        mounted: [update('tick', 'one'), update('name', 'Ann')],
      });
      await page.getByText('one').waitFor();
      await page.locator('body[na-status="online"]').waitFor();
      await server.stop();
      server.onMount = () => [];
      await server.start();
      await server.event('mount', 2);
      expect(server.cursors.map((cursor) => cursor || null)).toEqual([null, CURSOR]);
      server.send(update('tick', 'two'));
      await page.getByText('two').waitFor();
      expect(await page.locator('input').inputValue()).toBe('Ann');
      server.sendWhole(['List', '1'], update('tick', 'three'));
      await page.getByText('three').waitFor();
      expect(await page.locator('input').inputValue()).toBe('');
    });
  }

  it('gives up an event that was sent ten times without an answer', async () => {
    const { page } = await openClientPage(openPage, BODY, { mounted: [update('tick', 'one')] });
    let sends = 0;
    await page.route('**/nasc/event', (route) => {
      if (!route.request().postData()!.includes('"go"')) return route.continue();
      sends += 1;
      return route.abort();
    });
    const given = page.waitForEvent('console', (message) => message.text().includes('go did not reach'));
    await page.locator('button').click();
    await given;
    expect(sends).toBe(10);
  });

  it('reconnects when the server ends the stream', async () => {
    const { page, server } = await openClientPage(openPage, BODY, { mounted: [update('tick', 'one')] });
    await page.getByText('one').waitFor();
    server.endStreams();
    expect((await server.event('mount', 2)).over).toBe('sse');
  });

  it('falls back to WebSocket when the stream closes hard', async () => {
    const { page, server } = await openClientPage(openPage, BODY, {
      mounted: [update('tick', 'one')],
      prepare: (created) => void (created.streamStatus = 503),
    });
    await page.getByText('one').waitFor();
    expect(server.received[0]!.over).toBe('ws');
  });

  it('returns to SSE when WebSocket fails too', async () => {
    const { page, server } = await openClientPage(openPage, BODY, {
      mounted: [update('tick', 'one')],
      prepare: async (created, opened) => {
        created.streamStatus = 503;
        await opened.routeWebSocket(/./, (socket) => {
          created.streamStatus = 200;
          return socket.close();
        });
        await opened.addInitScript(() => {
          // A socket that never opens, as behind a proxy that knows none.
          window.WebSocket = class extends EventTarget {
            constructor() {
              super();
              setTimeout(() => (this as unknown as WebSocket).onclose?.(new CloseEvent('close')));
              void fetch('/no-websocket');
            }
          } as unknown as typeof WebSocket;
        });
        opened.on('request', (request) => {
          if (request.url().endsWith('/no-websocket')) created.streamStatus = 200;
        });
      },
    });
    await page.getByText('one').waitFor();
    expect(server.received[0]!.over).toBe('sse');
  });

  it('keeps one client id per browser', async () => {
    const { page, server } = await openClientPage(openPage, BODY);
    await page.reload();
    const ids = [await server.event('mount'), await server.event('mount', 2)].map(
      ({ message }) => message.clientId,
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
  });

  it('logs invalid frames and refused events, and stays connected', async () => {
    const { page, server, problems } = await openClientPage(openPage, BODY);
    for (const frame of ['{', '5', '{"patches":1}', '[null,{"action":"new"},7]']) server.sendRaw(frame);
    const told = page.evaluate(
      () =>
        new Promise((resolve) =>
          document.addEventListener('nasc:error', (e) => resolve((e as CustomEvent).detail)),
        ),
    );
    await page.evaluate(() => undefined);
    server.send({ action: 'error', message: "Unknown handler for type 'X'" }, update('tick', 'alive'));
    await page.getByText('alive').waitFor();
    expect(await told).toEqual({ message: "Unknown handler for type 'X'" });
    expect(problems).toHaveLength(4);
    expect(problems[3]).toBe("[nasc] Unknown handler for type 'X'");
  });

  it('does not reconnect over and over when a mount is refused', async () => {
    const { page, server } = await openClientPage(openPage, BODY, {
      prepare: (created) => void (created.eventStatus = 400),
    });
    await page.locator('button').click();
    await server.event('go');
    server.send(update('tick', 'alive'));
    await page.getByText('alive').waitFor();
    expect(server.received.map(({ message }) => message.event)).toEqual(['mount', 'go']);
  });

  it('connects by itself only under na-connect, and disconnects with close()', async () => {
    const { page, server } = await openClientPage(openPage, BODY);
    server.html = server.html.replace('na-connect', '');
    await page.reload();
    await page.evaluate(`import('/nasc.js').then(({ connect }) => {
      connect({ transport: 'ws' }).close();
      window.dispatchEvent(new Event('online'));
      connect({ transport: 'ws', baseUrl: location.origin });
    })`);
    expect((await server.event('mount', 2)).over).toBe('ws');
    await page.locator('button').click();
    await server.event('go');
    expect(server.received.map(({ over, message }) => `${over} ${message.event}`)).toEqual([
      'sse mount',
      'ws mount',
      'ws go',
    ]);
  });
});
