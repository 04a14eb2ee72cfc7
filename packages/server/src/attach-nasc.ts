import type { Server } from 'node:http';
import { MemoryStore } from '@nasc/store-memory';
import type express from 'express';
import type { Express, RequestHandler } from 'express';
import { Access, type AccessOptions } from './http/access';
import { checkNascOptions } from './check-options';
import { clientRoute } from './http/client-route';
import { Engine, type ProcessorOptions } from './events/engine';
import { eventRoute } from './http/event-route';
import type { Handlers } from './handlers/handler';
import { manifestRoute } from './http/manifest-route';
import type { AnyStore } from './instances/map-store';
import { optionalDependency } from './http/optional-dependency';
import { pageRoute, type PageOptions } from './http/page-route';
import type { ProcessMessage } from './create-processor';
import { requestFailed } from './http/request-failed';
import { schemaRoutes } from './http/schema-routes';
import { Sockets } from './http/sockets';
import { Streams } from './http/streams';

/** Options of {@link attachNasc}. */
export interface NascOptions<S extends AnyStore = AnyStore> extends ProcessorOptions, AccessOptions {
  /** An Express 5 application; gets routes, and is the caller's otherwise. */
  app: Express;
  /** The HTTP server of `app`; gets a listener for WebSockets, and is the caller's otherwise. */
  server: Server;
  handlers: Handlers;
  /** Default: a new `MemoryStore`. A `Map` (`type:id` → state) is a fake for tests. The caller closes it. */
  store?: S | undefined;
  /** Pages and static files; without it none are served. */
  ssr?: PageOptions | undefined;
  /** Serve `GET /nasc/manifest`. Default: unless `NODE_ENV` is `production`. */
  manifest?: boolean | undefined;
  /** Longest message, in bytes; a longer body gets 413, a longer frame ends its socket. Default 1 MiB. */
  maxMessageBytes?: number | undefined;
  /**
   * Unsent bytes of one connection above which it gets nothing more until it has read; what it missed
   * is then sent merged. Default 1 MiB.
   */
  maxUnsentBytes?: number | undefined;
}

/** A running engine. */
export interface Nasc<S extends AnyStore = AnyStore> {
  /** What was given as `store`, or the default. */
  store: S;
  /** As a client's message, but from the program: no origin, no `authorize`. Viewers get the patches. */
  processMessage: ProcessMessage;
  /**
   * Ask `authorize` again for everything that is viewed in this process, and end the views that it refuses:
   * call it when somebody has lost a right. It is asked when a view begins, and not for each patch.
   */
  recheckViews(): Promise<void>;
  /**
   * Let events in flight settle, then end the streams and sockets, and answer 503 from then on. The
   * server goes on, and so does the store, unless it is the default one. Idempotent.
   */
  close(): Promise<void>;
}

const MIB = 1_048_576;

/**
 * Serve Nasc on an Express application: events, SSE, WebSockets, the client, schemas, pages.
 *
 * `express` and `ws` are the application's; `ws` is loaded when the first WebSocket comes.
 *
 * @throws TypeError that lists the options that are not what they should be, or that there are not, and says
 *   what to write; StoreError `STORE_DEPENDENCY` without express.
 */
export function attachNasc<S extends AnyStore = MemoryStore>(options: NascOptions<S>): Nasc<S> {
  checkNascOptions(options);
  const { server, handlers, maxUnsentBytes = MIB, maxMessageBytes = MIB } = options;
  const ownStore = options.store === undefined ? new MemoryStore() : undefined;
  const store: AnyStore = options.store ?? (ownStore as MemoryStore);
  const engine = new Engine(handlers, store, options);
  const access = new Access(options, engine.logger);
  const streams = new Streams(engine, access, maxUnsentBytes);
  const sockets = new Sockets(server, engine, access, {
    maxMessage: maxMessageBytes,
    maxUnsent: maxUnsentBytes,
  });
  engine.watch();
  addRoutes(options, engine, access, streams, maxMessageBytes);

  const close = async (): Promise<void> => {
    await engine.close();
    streams.close();
    sockets.close();
    await ownStore?.close();
  };
  let closing: Promise<void> | undefined;
  return {
    // Without a store, S is the default.
    store: store as S,
    processMessage: async (message) => (await engine.process(message)).patches,
    recheckViews: () => engine.recheckViews(),
    close: () => (closing ??= close()),
  };
}

function addRoutes(
  { app, handlers, ssr, manifest = process.env['NODE_ENV'] !== 'production' }: NascOptions,
  engine: Engine,
  access: Access,
  streams: Streams,
  maxMessageBytes: number,
): void {
  const { json, static: files } = optionalDependency<typeof express>('express');
  const events = ['/nasc/event', '/event'];
  app.use(['/nasc', ...events, '/events'], whileOpen(engine));
  app.get(['/nasc/stream', '/events'], streams.handle);
  app.post(events, json({ limit: maxMessageBytes }), eventRoute(engine, streams, access));
  app.get('/nasc.js', clientRoute(engine.logger));
  schemaRoutes(app, engine, access);
  if (manifest) app.get('/nasc/manifest', manifestRoute(handlers));
  const failed = requestFailed(engine.logger);
  app.use(['/nasc', ...events], failed);
  if (ssr === undefined) return;
  // Behind the route itself: errors of the application's own routes are not ours. No parameter, which Express
  // would decode and fail with.
  app.get(['/', /^\/.+\.html\/?$/i], pageRoute(ssr, engine, access), failed);
  app.use(files(ssr.rootDir, { index: false, dotfiles: 'ignore' }));
}

/** Streams, events and schemas of a closed engine are not found elsewhere: they are gone for now. */
function whileOpen(engine: Engine): RequestHandler {
  return (_request, response, next) => {
    if (engine.isClosed) response.status(503).json({ ok: false, error: 'The server is closing.' });
    else next();
  };
}
