import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '@nasc/store-sqlite';
import { ServerProcess } from './test-support/server-process';
import { openSse, openWs, type Tab } from './test-support/tab';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasc-once-'));
});
afterEach(async () => {
  await ServerProcess.killAll();
  rmSync(folder, { recursive: true });
});

const event = { type: 'Counter', instance: 'a', payload: {}, clientId: 'c' };
const transports: [string, (url: string) => Promise<Tab>][] = [
  ['SSE', (url) => openSse(url, 'c')],
  ['WebSocket', (url) => openWs(url, { protocols: ['nasc.v2'] })],
];

describe.each(transports)(
  'over %s, an event of a server that was killed between commit and answer',
  (_name, open) => {
    it('takes effect once when it is sent again to the next server', async () => {
      const file = join(folder, 'counters.db');
      const first = await ServerProcess.start('counter-server.ts', file, '0', 'mortal');
      const before = await open(first.url);
      await before.send({ ...event, event: 'mount' });
      const die = { ...event, event: 'die', eventId: 'once' };
      // Over SSE the POST is cut off.
      await before.send(die).catch((error: unknown) => expect(String(error)).toMatch(/fetch failed/));
      await Promise.all([first.ended, before.ended]);

      await using store = new SqliteStore(file);
      expect(await store.load('Counter', 'a')).toEqual({ count: 1 });
      const second = await ServerProcess.start('counter-server.ts', file, first.port);
      const after = await open(second.url);
      await after.send({ ...event, event: 'mount' });
      await after.send(die);
      await after.send({ ...event, event: 'increment', eventId: 'next' });
      await after.send({ ...event, event: 'end' });
      while (!(await after.next()).patches.some(({ action }) => action === 'error'));
      expect(await store.load('Counter', 'a')).toEqual({ count: 2 });
      after.close();
      await after.ended;
    });
  },
);
