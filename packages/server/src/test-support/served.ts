import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { attachNasc, type Nasc } from '../attach-nasc';
import type { NascOptions } from '../check-options';
import type { AnyStore } from '../instances/map-store';
import { sendEvent, type Answer } from './send-event';
import { openSse, openWs, type Tab } from './tab';

/** An application with Nasc, on a port of its own. */
export interface Served<S extends AnyStore> {
  nasc: Nasc<S>;
  app: Express;
  server: Server;
  /** `http://127.0.0.1:…` */
  url: string;
  /** POST an event as the client does. */
  post(message: unknown, headers?: Record<string, string>): Promise<Answer>;
  sse(clientId: string, headers?: Record<string, string>, cursor?: string): Promise<Tab>;
  ws(options?: { protocols?: string[]; path?: string; headers?: Record<string, string> }): Promise<Tab>;
}

const cleanups: (() => Promise<void>)[] = [];

/** Call in `afterEach`: ends what the test opened. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** Lines that are not wanted in a test's output. */
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Serve on 127.0.0.1; ended by {@link cleanUp}. */
export async function serve<S extends AnyStore>(
  options: Omit<NascOptions<S>, 'app' | 'server'>,
  prepare: (app: Express, server: Server) => void = () => undefined,
): Promise<Served<S>> {
  const app = express();
  const server = createServer(app);
  prepare(app, server);
  const nasc = attachNasc<S>({ logger: silent, ...options, app, server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened: Tab[] = [];
  cleanups.push(async () => {
    for (const tab of opened) tab.close();
    await nasc.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const keep = (tab: Tab): Tab => {
    opened.push(tab);
    return tab;
  };
  return {
    nasc,
    app,
    server,
    url,
    post: (message, headers) => sendEvent(url, message, headers),
    sse: async (clientId, headers, cursor) => keep(await openSse(url, clientId, headers, cursor)),
    ws: async (options) => keep(await openWs(url, options)),
  };
}
