import { isStoreError } from '@nasc/store-core';

/** An error of the engine's own. */
export abstract class EngineError extends Error {
  abstract override readonly name: string;
}

/** The engine refused an event. The message is written for whoever sent it. */
export class EventRefused extends EngineError {
  override readonly name: string = 'EventRefused';
}

/** The application's `authorize` refused. */
export class NotAllowed extends EventRefused {}

/** The engine refused an event because its handler is written wrongly: its author has to fix it. */
export class HandlerMistake extends EventRefused {
  override readonly name = 'HandlerMistake';
}

/** A handler threw. The cause is what it threw, whose message goes to the browser. */
export class HandlerFailed extends EngineError {
  override readonly name = 'HandlerFailed';
}

/**
 * A store threw something other than a StoreError. The cause is what it threw, whose message is only logged.
 */
export class StoreFailed extends EngineError {
  override readonly name = 'StoreFailed';
}

const MAX_LENGTH = 1_000;
const UNKNOWN = 'The event failed. See the server log.';

/**
 * What to tell a client about an error: the message of the engine, of a handler, or of a StoreError (which
 * contains neither ids nor state). For anything else, only that it failed. Never a stack.
 */
export function messageForClient(error: unknown): string {
  const source = error instanceof HandlerFailed ? error.cause : error;
  const known = error instanceof EngineError || isStoreError(error);
  const message = known ? textOf(source) : undefined;
  return message === undefined || message === '' ? UNKNOWN : message.slice(0, MAX_LENGTH);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    const message: unknown = Reflect.get(value, 'message');
    return typeof message === 'string' ? message : undefined;
  } catch (error) {
    return `The event failed with an error that cannot be read: its getter threw a value of type ${typeof error}.`;
  }
}
