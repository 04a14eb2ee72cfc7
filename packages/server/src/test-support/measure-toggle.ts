import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteMappedStore } from '@nasc/store-sqlite-mapped';
import express from 'express';
import { WebSocket } from 'ws';
import type * as nasc from '../index';

/**
 * How long a toggle in a list of 10,000 takes on the mapped store, from the event to the patch, durable (fsync):
 * `node measure-toggle.ts [items] [rounds]`. "processor time" is the mean of the
 * run, the creation included. "no viewer" is `createProcessor`, which loads the state for each
 * event; "one viewer" goes over a WebSocket and back.
 */
const [items = 10_000, rounds = 200] = process.argv.slice(2).map(Number);
// By a name that the compiler does not follow: it need not be built to be checked.
const { attachNasc, createProcessor } = (await import('@nasc/server' as string)) as typeof nasc;

interface Todo {
  id: string;
  title: string;
  completed: boolean;
}
interface TodoList {
  id: string;
  items: Todo[];
}
const handlers = {
  TodoList: {
    mount: ({ todolistId }: { todolistId: string }): TodoList => ({
      id: todolistId,
      items: Array.from({ length: items }, (_, i) => ({ id: `${i}`, title: `Todo ${i}`, completed: false })),
    }),
    toggle: ({ id }: { id: string }, list: TodoList): TodoList => ({
      ...list,
      items: list.items.map((todo) => (todo.id === id ? { ...todo, completed: !todo.completed } : todo)),
    }),
  },
};
const at = (event: string, payload = {}) => ({ event, type: 'TodoList', instance: 'a', payload });
const toggle = (round: number) => at('toggle', { id: `${(round * 7_919) % items}` });

async function measure(
  name: string,
  handlerInput: nasc.HandlerInput,
  run: typeof processorRun,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nasc-speed-'));
  const readJson = (file: string) =>
    JSON.parse(readFileSync(join(import.meta.dirname, '../../../../examples/todo', file), 'utf8')) as object;
  const [schema, mapping] = [readJson('app.schema.json'), readJson('app.mapping.json')];
  const store = new SqliteMappedStore(join(folder, 'todo.db'), { schema, mapping });
  const before = process.cpuUsage();
  const times = await run(store, handlerInput);
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(times.length * part)]?.toFixed(2);
  const cpu = ((user + system) / 1_000 / rounds).toFixed(2);
  console.log(
    `${name}, ${handlerInput}: median ${at(0.5)} ms, 95% ${at(0.95)} ms, best ${at(0)} ms, processor time ${cpu} ms`,
  );
  await store.close();
  rmSync(folder, { recursive: true });
}

async function timed(send: (round: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await send(round);
    times.push(performance.now() - started);
  }
  return times.slice(Math.floor(rounds / 10));
}

async function processorRun(store: SqliteMappedStore, handlerInput: nasc.HandlerInput): Promise<number[]> {
  const processMessage = createProcessor(handlers, store, { handlerInput });
  await processMessage(at('mount'));
  return timed((round) => processMessage(toggle(round)));
}

async function viewerRun(store: SqliteMappedStore, handlerInput: nasc.HandlerInput): Promise<number[]> {
  const app = express();
  const server = createServer(app);
  const { close } = attachNasc({ app, server, handlers, store, handlerInput });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await once(socket, 'open');
  const send = async (message: object): Promise<void> => {
    socket.send(JSON.stringify(message));
    await once(socket, 'message');
  };
  await send(at('mount'));
  const times = await timed((round) => send(toggle(round)));
  socket.close();
  await close();
  server.close();
  return times;
}

for (const handlerInput of ['copy', 'frozen'] as const) {
  await measure('no viewer', handlerInput, processorRun);
  await measure('one viewer', handlerInput, viewerRun);
}
