/**
 * `http/`: what comes in over HTTP, SSE and WebSocket, and how it is answered: routes, connections, origins,
 * status codes. Not here: what happens to an event (`events/`), who gets which patches (`views/`), the HTML
 * of a page (`pages/`).
 */
import { isJsonObject } from '@nasc/store-core';
import type { Request, RequestHandler } from 'express';
import type { Access } from './access';
import type { Blame } from '../events/blame';
import type { Engine, Sender } from '../events/engine';
import type { Streams } from './streams';

/**
 * `POST /nasc/event`: 202 `{ ok: true }` once the event is durable. Its patches, including an error, go to
 * the streams of its client. If an event fails that has an `eventId`, or whose client has no open stream, the
 * answer is `{ ok: false, error }`: with 422; with 500 if the server is at fault; with 503 if the store is
 * busy, and the event can be sent again.
 */
export function eventRoute(engine: Engine, streams: Streams, access: Access): RequestHandler {
  return async (request, response) => {
    if (!access.isAllowedOrigin(request)) {
      response.status(403).json({ ok: false, error: 'Origin not allowed.' });
      return;
    }
    const body: unknown = request.body;
    if (!isJsonObject(body)) {
      const error = 'The body must be a JSON object, sent as application/json.';
      response.status(body === undefined ? 415 : 400).json({ ok: false, error });
      return;
    }
    // Checked again: reading the body took time. The client sends the event again to the next server.
    if (engine.isClosed) {
      response.status(503).json({ ok: false, error: 'The server is closing.' });
      return;
    }
    const sender = senderOf(request, body, streams, access);
    const { failure } = await engine.process(body, sender);
    const isTold = [...sender.viewers()].length > 0 && !('eventId' in body);
    if (failure === undefined || isTold) response.status(202).json({ ok: true });
    else response.status(STATUS[failure.blame]).json({ ok: false, error: failure.message });
  };
}

const STATUS: Record<Blame, number> = { sender: 422, busy: 503, server: 500 };

function senderOf(request: Request, body: Record<string, unknown>, streams: Streams, access: Access): Sender {
  const clientId = typeof body['clientId'] === 'string' ? body['clientId'] : undefined;
  return { viewers: () => streams.of(clientId), may: (target) => access.may(request, target) };
}
