import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { attachNasc, createProcessor, type HandlerInput, type Handlers } from '@nasc/server';
import type { VersionedStore } from '@nasc/store-core';
import express from 'express';
import { WebSocket } from 'ws';

/** A store that the engine can be measured on. */
export type EngineStore = VersionedStore;

/** The ways into the engine. */
export const transports = ['createProcessor', 'POST', 'WebSocket'] as const;

/** One of {@link transports}. */
export type Transport = (typeof transports)[number];

/** Sends one message and waits for its answer. */
export interface Sending {
  /** @throws Error when the engine answers with an error. */
  send(message: object): Promise<void>;
  close(): Promise<void>;
}

/** Open one of the ways in, on a server of its own where it needs one. */
export async function openTransport(
  transport: Transport,
  handlers: Handlers,
  store: EngineStore,
  handlerInput: HandlerInput,
): Promise<Sending> {
  if (transport === 'createProcessor') {
    const processMessage = createProcessor(handlers, store, { handlerInput });
    return {
      send: async (message) => refuseErrors(await processMessage(message as never)),
      close: async () => undefined,
    };
  }
  const app = express();
  const server = createServer(app);
  const nasc = attachNasc({ app, server, handlers, store, handlerInput });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { send, close } = await (transport === 'POST' ? openPost(host) : openSocket(host));
  return {
    send,
    close: async () => {
      await close();
      await nasc.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Until the 202: the event is durable. Nobody views the instance. */
async function openPost(host: string): Promise<Sending> {
  return {
    send: async (message) => {
      const response = await fetch(`http://${host}/nasc/event`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(message),
      });
      const answer = await response.text();
      if (response.status !== 202) throw new Error(`The engine answers ${response.status}: ${answer}`);
    },
    close: async () => undefined,
  };
}

/** Until the patch is there, as text: what a browser does with it is not measured. */
async function openSocket(host: string): Promise<Sending> {
  const socket = new WebSocket(`ws://${host}/`);
  await once(socket, 'open');
  return {
    send: async (message) => {
      socket.send(JSON.stringify(message));
      const [data] = (await once(socket, 'message')) as [Buffer];
      // An error is short; a list of 10,000 need not be parsed to know that it is none.
      if (data.length < 10_000) refuseErrors(JSON.parse(data.toString()));
    },
    close: async () => socket.close(),
  };
}

function refuseErrors(answer: unknown): void {
  const patches = (Array.isArray(answer) ? answer : [answer]) as { action?: string }[];
  if (patches.length === 0 || patches.some(({ action }) => action === 'error')) {
    throw new Error(`The engine answers ${JSON.stringify(patches).slice(0, 500)}`);
  }
}
