import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Access } from './access';
import type { Engine, Sender } from './engine';
import type { Streams } from './streams';

/**
 * `POST /nasc/event`: 202 `{ ok: true }` when the event is done and durable; its patches, errors
 * included, go to the streams of its client. Where no stream is open to tell of an error: 422
 * `{ ok: false, error }`.
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
    const sender = senderOf(request, body, streams, access);
    const patches = await engine.process(body, sender);
    const error = patches.find((patch) => patch.action === 'error');
    const isTold = error === undefined || [...sender.viewers()].length > 0;
    if (isTold) response.status(202).json({ ok: true });
    else response.status(422).json({ ok: false, error: error.message });
  };
}

/** What the JSON parser refused, as JSON and without a stack; anything else is the app's. */
export const malformedBody: ErrorRequestHandler = (error, _request, response, next) => {
  const status = isObject(error) && 'status' in error ? error.status : undefined;
  if (response.headersSent || typeof status !== 'number' || status < 400 || status > 499) next(error);
  else response.status(status).json({ ok: false, error: MESSAGES[status] ?? 'The body cannot be read.' });
};

const MESSAGES: Record<number, string> = {
  400: 'The body is not JSON.',
  413: 'The body is too large.',
};

function senderOf(request: Request, body: object, streams: Streams, access: Access): Sender {
  const clientId = 'clientId' in body && typeof body.clientId === 'string' ? body.clientId : undefined;
  return { viewers: () => streams.of(clientId), may: (target) => access.may(request, target) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
