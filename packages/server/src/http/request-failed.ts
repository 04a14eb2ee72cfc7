import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../instances/logger';

/**
 * The last word on requests to Nasc's own routes: what Express and the body parser refused, with its status;
 * what failed here as 500, and in the log. Always JSON, never a stack.
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
  500: 'The server failed; it has logged why.',
};

function messageOf(error: unknown, status: number): string {
  // Express could not decode a part of the path.
  if (status === 400 && error instanceof URIError) return 'The URL is not well-formed.';
  return MESSAGES[status] ?? 'The body cannot be read.';
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status <= 499 ? status : 500;
}
