import type { Request, RequestHandler } from 'express';
import type { Access } from './access';
import type { Blame } from '../events/blame';
import type { Engine, Sender } from '../events/engine';
import type { Streams } from './streams';

/**
 * `POST /nasc/event`: 202 `{ ok: true }` when the event is done and durable; its patches, errors
 * included, go to the streams of its client. Where no stream is open to tell of an error, and to those who
 * want to know what became of an event (by an `eventId`): `{ ok: false, error }` with 422, or 500 where the
 * server is to blame, or 503 where the store is busy: the event was not done, and may be sent again.
 */
export function eventRoute(engine: Engine, streams: Streams, access: Access): RequestHandler {
  return async (request, response) => {
    if (!access.isAllowedOrigin(request)) {
      response.status(403).json({ ok: false, error: 'Not from this origin.' });
      return;
    }
    const body: unknown = request.body;
    if (!isObject(body)) {
      const error = 'The body must be a JSON object, sent as application/json.';
      response.status(body === undefined ? 415 : 400).json({ ok: false, error });
      return;
    }
    // It may have been open when the request came in. The client sends it again to the server that comes next.
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

function senderOf(request: Request, body: object, streams: Streams, access: Access): Sender {
  const clientId = 'clientId' in body && typeof body.clientId === 'string' ? body.clientId : undefined;
  return { viewers: () => streams.of(clientId), may: (target) => access.may(request, target) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
