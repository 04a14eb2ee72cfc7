import { connect } from 'node:net';
import type { MemoryStore } from '@nasc/store-memory';
import { cleanUp, serve } from '../test-support/served';

afterEach(cleanUp);

const KIB = 1_024;
const handlers = {
  Page: {
    mount: () => ({ n: 0, text: '' }),
    grow: (_payload: object, { n }: { n: number }) => ({
      n: n + 1,
      text: `${n + 1}:`.padEnd(512 * KIB, 'x'),
    }),
  },
};
const at = (event: string) => ({ event, type: 'Page', instance: 'a', payload: {} });
const EVENTS = 60;

/** Sixty states of half a MiB each: more than sockets hold, and far more than the server may. */
async function growAll(process: (message: ReturnType<typeof at>) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < EVENTS; i++) await process(at('grow'));
}

describe('a tab that stops reading', () => {
  const options = { handlers, maxUnsentBytes: 64 * KIB };

  it('gets only the latest state when it reads again, over WebSocket', async () => {
    const served = await serve<MemoryStore>({ ...options });
    const slow = await served.ws();
    await slow.send(at('mount'));
    await slow.next();
    slow.socket?.pause();
    await growAll(served.nasc.processMessage);
    slow.socket?.resume();
    let deliveries = 0;
    for (let last: unknown; last !== EVENTS; deliveries++) {
      const [first] = (await slow.next()).patches;
      last = first && 'value' in first && first.value;
    }
    expect(deliveries).toBeLessThan(EVENTS);
  });

  it('gets only the latest state when it reads again, over SSE', async () => {
    const served = await serve<MemoryStore>({ ...options });
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1').setEncoding('latin1');
    socket.write('GET /nasc/stream?clientId=slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    await served.post({ ...at('mount'), clientId: 'slow' });
    socket.pause();
    await growAll(served.nasc.processMessage);
    const deliveries = new Promise<number>((resolve) => {
      let tail = '';
      let count = 0;
      socket.on('data', (chunk: string) => {
        count += chunk.split('"prop":"n"').length - 1;
        // The texts are only x; what tells stands before them.
        tail = tail.slice(-64) + chunk.replace(/x{64,}/g, '');
        if (tail.includes(`"value":${EVENTS}}`)) resolve(count);
      });
    });
    socket.resume();
    expect(await deliveries).toBeLessThan(EVENTS);
    socket.destroy();
    await new Promise((resolve) => socket.once('close', resolve));
  });
});
