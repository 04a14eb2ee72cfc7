import { MemoryStore } from '@nasc/store-memory';
import { loadOptional } from '@nasc/store-core';
import type express from 'express';
import type { RequestHandler } from 'express';
import { checkNascOptions, type NascOptions } from './check-options';
import { createEngine } from './create-engine';
import type { ProcessMessage } from './create-processor';
import type { Engine } from './events/engine';
import { Access } from './http/access';
import { clientRoute } from './http/client-route';
import { eventRoute } from './http/event-route';
import { manifestRoute } from './http/manifest-route';
import { pageRoute } from './http/page-route';
import { requestFailed } from './http/request-failed';
import { schemaRoutes } from './http/schema-routes';
import { Sockets } from './http/sockets';
import { Streams } from './http/streams';
import type { AnyStore } from './instances/map-store';

/** A running engine. */
export interface Nasc<S extends AnyStore = AnyStore> {
  /** The `store` option, or the default store. */
  store: S;
  /** Carry out a message from the program itself: no origin, no `authorize`. Viewers get the patches. */
  processMessage: ProcessMessage;
  /**
   * Ask `authorize` again about every view in this process, and end those it refuses. Call it when somebody
   * has lost a right: `authorize` is asked when a view begins, not for each patch.
   */
  recheckViews(): Promise<void>;
  /**
   * Let events in flight settle, then end the streams and sockets, and answer 503 from then on. The server
   * keeps running. The store stays open, unless it is the default one. Idempotent.
   */
  close(): Promise<void>;
}

const MIB = 1_048_576;

/**
 * Serve Nasc on an Express application: events, SSE, WebSockets, the client, schemas, pages.
 *
 * `express` and `ws` come from the application; `ws` is loaded for the first WebSocket.
 *
 * @throws TypeError listing every invalid or unknown option, and what to write instead; StoreError
 *   `STORE_DEPENDENCY` without express.
 */
export function attachNasc<S extends AnyStore = MemoryStore>(options: NascOptions<S>): Nasc<S> {
  checkNascOptions(options);
  const { server, handlers, maxUnsentBytes = MIB, maxMessageBytes = MIB } = options;
  const store: AnyStore = options.store ?? new MemoryStore();
  const engine = createEngine(handlers, store, options);
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
    if (options.store === undefined && store instanceof MemoryStore) await store.close();
  };
  let closing: Promise<void> | undefined;
  return {
    // Without the option, S is its default.
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
  const { json, static: files } = loadOptional<typeof express>({
    name: 'express',
    neededFor: 'the routes of attachNasc',
    from: __filename,
  });
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
  // After the route itself: errors in the application's own routes are not ours. No route parameter: Express
  // would fail to decode some.
  app.get(['/', /^\/.+\.html\/?$/i], pageRoute(ssr.rootDir, ssr, engine, access), failed);
  app.use(files(ssr.rootDir, { index: false, dotfiles: 'ignore' }));
}

/** What a closed engine served is unavailable, not missing. */
function whileOpen(engine: Engine): RequestHandler {
  return (_request, response, next) => {
    if (engine.isClosed) response.status(503).json({ ok: false, error: 'The server is closing.' });
    else next();
  };
}
