import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import type { RequestHandler } from 'express';
import type { Logger } from '../instances/logger';

/** `GET /nasc.js`: the client for browsers, as built in `@nasc/client`. */
export function clientRoute(logger: Logger): RequestHandler {
  return (_request, response, next) => {
    const path = resolveClient(logger);
    if (path === undefined)
      response.status(404).type('text').send('The client is missing: build @nasc/client.');
    // Relative to its folder: Express takes a path through `node_modules/.pnpm` for hidden.
    else response.sendFile(basename(path), { root: dirname(path) }, (error) => error && next(error));
  };
}

function resolveClient(logger: Logger): string | undefined {
  try {
    return createRequire(__filename).resolve('@nasc/client/nasc.js');
  } catch (error) {
    logger.error({ err: error }, '@nasc/client has no built file to serve.');
    return undefined;
  }
}
