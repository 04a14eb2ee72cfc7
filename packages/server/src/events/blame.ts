import { types } from 'node:util';
import { isStoreError, type StoreErrorCode } from '@nasc/store-core';
import { EventRefused, HandlerFailed, HandlerMistake } from '../instances/engine-error';

/**
 * Whose fault a failed event is: the sender's, the server's, or no one's because the store is busy (try
 * again).
 */
export type Blame = 'sender' | 'busy' | 'server';

/**
 * Who is to blame for an error of the engine.
 *
 * A handler refuses what its sender asks for by throwing. It is a bug if the language, Node.js, a driver or a
 * store threw the error: those have a name in {@link BUGS}, or a `code`.
 */
export function blameFor(error: unknown): Blame {
  if (error instanceof EventRefused) return error instanceof HandlerMistake ? 'server' : 'sender';
  if (!(error instanceof HandlerFailed)) return ofStore(error);
  try {
    return isRefusal(error.cause) ? 'sender' : ofStore(error.cause);
  } catch {
    // Throwing getters never signal a refusal.
    return 'server';
  }
}

function ofStore(error: unknown): Blame {
  return isStoreError(error) ? (OF_STORE[error.code] ?? 'server') : 'server';
}

/** All other codes are the server's fault. */
const OF_STORE: Partial<Record<StoreErrorCode, Blame>> = {
  STORE_BUSY: 'busy',
  STORE_CONFLICT: 'sender',
  STORE_INVALID_KEY: 'sender',
};

const BUGS = new Set([
  'AggregateError',
  'AssertionError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'StoreFailed',
  'SyntaxError',
  'TypeError',
  'URIError',
]);

function isRefusal(thrown: unknown): boolean {
  return types.isNativeError(thrown) && !BUGS.has(thrown.name) && !('code' in thrown);
}
