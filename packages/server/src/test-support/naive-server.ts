import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';

/**
 * An engine as one writes it first, with the defects of the original: load, run, save; answer the sender; trust
 * what comes. Served in a process of its own, for the tests that must fail on it.
 */
type State = Record<string, unknown>;
interface Message {
  event: string;
  type: string;
  instance: string;
  payload: State;
}

const states = new Map<string, State>();
const handlers: Record<string, Record<string, (payload: State, state: State) => State>> = {
  Counter: {
    mount: () => ({ count: 0 }),
    increment: (_payload, state) => ({ ...state, count: Number(state['count']) + 1 }),
  },
};

async function handle({ event, type, instance, payload }: Message): Promise<object[]> {
  const before = states.get(`${type}:${instance}`);
  const method = handlers[type]?.[event];
  if (method === undefined) return [{ action: 'error', message: `Unknown event '${event}' for ${type}` }];
  const state = event === 'mount' && before !== undefined ? before : method(payload, before ?? {});
  // A store takes its time; long enough for other events to come meanwhile, on a busy machine too.
  await delay(50);
  states.set(`${type}:${instance}`, state);
  return Object.entries(state).map(([prop, value]) => ({
    action: 'bindUpdate',
    instance,
    type,
    prop,
    value,
  }));
}

const server = createServer((request, response) => {
  void (async () => {
    const body = (await request.toArray()).join('');
    await handle(JSON.parse(body) as Message);
    response.writeHead(202).end('{"ok":true}');
  })();
});
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    void handle(message).then((patches) => socket.send(JSON.stringify(patches)));
  });
});
process.stdin.resume().once('end', () => process.exit());
// As Node does, without a stack in the output of the tests.
process.once('uncaughtException', () => process.exit(1));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log((server.address() as AddressInfo).port);
