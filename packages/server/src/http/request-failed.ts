import { isJsonObject } from '@nasc/store-core';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../instances/logger';

/**
 * Answers failed requests to Nasc's own routes: with its own status if Express or the body parser refused it,
 * otherwise with 500 and a line in the log. Always JSON, never a stack.
 */
export function requestFailed(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = statusOf(error);
    if (status === 500) logger.error({ err: error }, 'A request failed.');
    if (response.headersSent) next(error);
    else response.status(status).json({ ok: false, error: messageOf(error, status) });
  };
}

const MESSAGES: Record<number, string> = {
  400: 'The body is not JSON.',
  413: 'The body is too large.',
  500: 'The server failed. See its log.',
};

function messageOf(error: unknown, status: number): string {
  // Express could not decode the path.
  if (status === 400 && error instanceof URIError) return 'The URL is not well-formed.';
  return MESSAGES[status] ?? 'The body cannot be read.';
}

function statusOf(error: unknown): number {
  const status = isJsonObject(error) ? error['status'] : undefined;
  return typeof status === 'number' && status >= 400 && status <= 499 ? status : 500;
}
