import { types } from 'node:util';
import { isStoreError, type StoreErrorCode } from '@nasc/store-core';
import { EventRefused, HandlerFailed, HandlerMistake } from '../instances/engine-error';

/** Whose fault it is that an event was not done: its sender's, nobody's (try again), or the server's. */
export type Blame = 'sender' | 'busy' | 'server';

/**
 * Who is to blame for an error of the engine.
 *
 * To throw is how a handler refuses what its sender asks for. It is a bug when the error is one that the
 * language, Node.js, a driver or a store has thrown: those have a name of {@link BUGS}, or a `code`.
 */
export function blameFor(error: unknown): Blame {
  if (error instanceof EventRefused) return error instanceof HandlerMistake ? 'server' : 'sender';
  if (!(error instanceof HandlerFailed)) return ofStore(error);
  try {
    return isRefusal(error.cause) ? 'sender' : ofStore(error.cause);
  } catch {
    // Its getters throw: nobody refuses something by that.
    return 'server';
  }
}

function ofStore(error: unknown): Blame {
  return isStoreError(error) ? (OF_STORE[error.code] ?? 'server') : 'server';
}

/** All others are the server's. */
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
