import { isStoreError } from '@nasc/store-core';

/** What the engine itself refuses. The message is written for the one who sent the event. */
export class EventRefused extends Error {
  override readonly name: string = 'EventRefused';
}

/** What the application's `authorize` refused. */
export class NotAllowed extends EventRefused {}

/** What the engine refuses because the handler is written wrongly: for its author to mend. */
export class HandlerMistake extends EventRefused {
  override readonly name = 'HandlerMistake';
}

/** What a handler threw, as the cause; its message goes to the browser. */
export class HandlerFailed extends Error {
  override readonly name = 'HandlerFailed';
}

/** What a store threw that is no StoreError, as the cause; its message stays here. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

const MAX_LENGTH = 1_000;
const UNKNOWN = 'The event failed; the server has logged why.';

/**
 * What to tell a client of an error: the words of the engine, of a handler, and of a StoreError (which
 * hold neither ids nor state). Of anything else only that it failed. Never a stack.
 */
export function messageForClient(error: unknown): string {
  const source = error instanceof HandlerFailed ? error.cause : error;
  const known =
    error instanceof HandlerFailed ||
    error instanceof EventRefused ||
    error instanceof StoreFailed ||
    isStoreError(error);
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
    return `The event failed, and its error cannot be read (${typeof error}).`;
  }
}
