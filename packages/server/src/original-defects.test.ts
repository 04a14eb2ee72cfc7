import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sendEvent } from './test-support/send-event';
import { ServerProcess } from './test-support/server-process';
import { openWs, type Tab } from './test-support/tab';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nasc-defects-'));
});
afterEach(async () => {
  await ServerProcess.killAll();
  rmSync(folder, { recursive: true });
});

const sent = (event: string, payload = {}) => ({ event, type: 'Counter', instance: 'a', payload });

/** What comes to a tab up to the answer to an event that there is not. */
async function allSoFar(tab: Tab): Promise<object[]> {
  await tab.send(sent('nope'));
  const all: object[] = [];
  for (;;) {
    const { patches } = await tab.next();
    if (patches.some(({ action }) => action === 'error')) return all;
    all.push(...patches);
  }
}

/** The properties of the counter, by a tab that opens now. */
async function stateNow(url: string): Promise<unknown> {
  const tab = await openWs(url);
  await tab.send(sent('mount'));
  const { patches } = await tab.next();
  return Object.fromEntries(patches.map((patch) => ('prop' in patch ? [patch.prop, patch.value] : [])));
}

/** What each defect of the original engine comes to on a server. */
const outcomes = {
  'what remains of ten parallel increments': async ({ url }: ServerProcess) => {
    await sendEvent(url, sent('mount'));
    await Promise.all(Array.from({ length: 10 }, () => sendEvent(url, sent('increment'))));
    return isDeepStrictEqual(await stateNow(url), { count: 10 }) ? 'ten' : 'fewer';
  },
  'how many patches reach a viewer who is not the sender': async ({ url }: ServerProcess) => {
    const [sender, viewer] = [await openWs(url), await openWs(url)];
    for (const tab of [sender, viewer]) {
      await tab.send(sent('mount'));
      await tab.next();
    }
    await sender.send(sent('increment'));
    await sender.next();
    return (await allSoFar(viewer)).length;
  },
  'the process after one malformed WebSocket frame': async (server: ServerProcess) => {
    const tab = await openWs(server.url);
    await tab.send('{{{');
    const ended = server.ended.then(() => 'has ended');
    const lives = tab.next().then(
      () => 'lives',
      () => ended,
    );
    return Promise.race([ended, lives]);
  },
  'the state after event: "constructor"': async ({ url }: ServerProcess) => {
    await sendEvent(url, sent('mount'));
    await sendEvent(url, sent('constructor', { stolen: true }));
    return stateNow(url);
  },
};

const servers: [string, () => Promise<ServerProcess>, Record<keyof typeof outcomes, unknown>][] = [
  [
    'the engine',
    () => ServerProcess.start('counter-server.ts', join(folder, 'counters.db')),
    {
      'what remains of ten parallel increments': 'ten',
      'how many patches reach a viewer who is not the sender': 1,
      'the process after one malformed WebSocket frame': 'lives',
      'the state after event: "constructor"': { count: 0 },
    },
  ],
  [
    'naive code, to see these tests fail',
    () => ServerProcess.start('naive-server.ts'),
    {
      'what remains of ten parallel increments': 'fewer',
      'how many patches reach a viewer who is not the sender': 0,
      'the process after one malformed WebSocket frame': 'has ended',
      'the state after event: "constructor"': { stolen: true },
    },
  ],
];

describe.each(servers)('defects of the original engine, on %s:', (_name, start, expected) => {
  it.each(Object.entries(outcomes))('%s', async (name, outcome) => {
    const result = await outcome(await start());
    expect(result).toEqual(expected[name as keyof typeof outcomes]);
  });
});
