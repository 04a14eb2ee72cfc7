import type { RequestHandler } from 'express';
import type { Handlers } from '../handlers/handler';
import { manifestOf } from '../handlers/handler-events';

/** `GET /nasc/manifest`: `{ Type: { events, hasMount } }`. */
export function manifestRoute(handlers: Handlers): RequestHandler {
  return (_request, response) => {
    response.json(manifestOf(handlers));
  };
}
