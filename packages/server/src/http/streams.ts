import { WHOLE_EVENT } from '@nasc/client';
import type { Request, RequestHandler, Response } from 'express';
import type { Access } from './access';
import { MAX_NAME_LENGTH } from '../handlers/client-message';
import { readCursor } from '../views/cursor';
import type { Engine } from '../events/engine';
import { patchesJson } from '../views/patches-json';
import { Viewer, type Connection } from '../views/viewer';

const PING_MS = 20_000;

/**
 * The open SSE streams. A client id names a browser, not a tab: it tells whose event it is, and each stream
 * opened with it is one tab of that browser.
 */
export class Streams {
  readonly #engine: Engine;
  readonly #access: Access;
  readonly #maxUnsent: number;
  readonly #byClient = new Map<string, Set<Viewer>>();
  readonly #open = new Set<Response>();

  /** @param maxUnsent how many bytes can wait for a slow reader. */
  constructor(engine: Engine, access: Access, maxUnsent: number) {
    this.#engine = engine;
    this.#access = access;
    this.#maxUnsent = maxUnsent;
  }

  /** The tabs of a client. */
  of(clientId: string | undefined): ReadonlySet<Viewer> {
    return (clientId !== undefined && this.#byClient.get(clientId)) || new Set();
  }

  /**
   * `GET /nasc/stream?clientId=ID`: patches as `data:`, the cursor as `id:`. Resumes from `Last-Event-ID` or
   * `&cursor=`. With `&cursor=`, even an empty one, it says which patches are a whole state.
   */
  readonly handle: RequestHandler = (request, response) => {
    // If the client left while a middleware was busy, there is no second close event.
    if (response.closed) return;
    response.writeHead(200, HEADERS);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    response.write(': connected\n\n');
    const cursor = request.get('Last-Event-ID') ?? request.query['cursor'];
    const viewer = new Viewer(this.#connection(request, response));
    const leave = this.#enter(clientIdOf(request.query), viewer, response);
    const ping = setInterval(
      () => response.writableNeedDrain || response.write(': ping\n\n'),
      PING_MS,
    ).unref();
    response.on('drain', () => viewer.drained());
    response.on('error', () => response.destroy());
    response.on('close', () => {
      clearInterval(ping);
      leave();
    });
    if (typeof cursor === 'string') this.#engine.resume(viewer, readCursor(cursor));
  };

  /** End all streams. */
  close(): void {
    for (const response of this.#open) response.end();
  }

  #enter(clientId: string | undefined, viewer: Viewer, response: Response): () => void {
    this.#open.add(response);
    const tabs = clientId === undefined ? undefined : (this.#byClient.get(clientId) ?? new Set());
    if (clientId !== undefined && tabs !== undefined) this.#byClient.set(clientId, tabs.add(viewer));
    return () => {
      this.#open.delete(response);
      this.#engine.leave(viewer);
      tabs?.delete(viewer);
      if (clientId !== undefined && tabs?.size === 0) this.#byClient.delete(clientId);
    };
  }

  #connection(request: Request, response: Response): Connection {
    // The original client does not understand it.
    const tellsWhole = 'cursor' in request.query;
    return {
      send: (patches, cursor, whole) => {
        const first = tellsWhole && whole ? `event: ${WHOLE_EVENT}\ndata: ${JSON.stringify(whole)}\n\n` : '';
        const id = cursor === '' ? '' : `id: ${cursor}\n`;
        response.write(`${first}${id}data: ${patchesJson(patches)}\n\n`);
      },
      isCongested: () => response.writableEnded || response.writableLength > this.#maxUnsent,
      mayView: (type, id) => this.#access.may(request, { type, id, event: 'view' }),
    };
  }
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

function clientIdOf({ clientId }: Request['query']): string | undefined {
  const isUsable = typeof clientId === 'string' && clientId !== '' && clientId.length <= MAX_NAME_LENGTH;
  return isUsable ? clientId : undefined;
}
