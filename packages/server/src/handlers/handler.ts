/**
 * `handlers/`: what an application's handlers are and how one runs: its events, its input, `ctx`, its
 * schemas. Not here: turns, commits and retries (`events/`), and anything about viewers or requests.
 */
import type { JsonObject } from '@nasc/store-core';

/** What an event carries: the `data-*` attributes of a button, the controls of a form. Not trusted. */
export type Payload = Record<string, unknown>;

/**
 * What handles the events of one type: an object, or an instance of a class.
 *
 * - `mount(params)` returns the first state of an instance that is not in the store. `params` is the
 *   message's payload with `<lower-cased type>Id` set to the instance's id.
 * - Every other own method, and every method of its classes, is an event: `(payload, current, ctx) => next`,
 *   sync or async. That includes a library's class that it extends: keep such an object in a field instead.
 *   Only the language's classes, `EventEmitter` and `EventTarget` add no events. `current` is a copy that can
 *   be changed and returned, or left alone. The return value is the full next state; anything but an object
 *   is an error and changes nothing, and so is a throw. The message of a thrown error goes to the browser.
 * - `onConflict: 'reject'` refuses an event if another process changed the instance in the meantime. By
 *   default (`'retry'`) the event runs again on the new state. A handler can therefore run several times:
 *   side effects belong in `ctx.afterCommit`.
 */
export type Handler = object;

/** Handlers by type name; own properties only. */
export type Handlers = Readonly<Record<string, Handler>>;

/** The type of an event method, for handlers written in TypeScript. */
export type EventMethod<State extends object = JsonObject, Data = Payload> = (
  payload: Data,
  current: State,
  ctx: HandlerContext,
) => State | Promise<State>;

/** The third argument of an event method: other instances, in one atomic commit with this one. */
export interface HandlerContext {
  /** Type of the event's own instance. */
  readonly type: string;
  /** Its id. */
  readonly id: string;
  /** Name of the event. */
  readonly event: string;

  /**
   * A copy of the state of another instance, including what this handler has set; `null` if there is none. If
   * an instance that was read and then set has changed in between, the event runs again. One that was only
   * read can change before the commit. Nothing checks `State`.
   */
  get<State extends object = JsonObject>(type: string, id: string): Promise<State | null>;

  /**
   * Make `state` the state of another instance, in the same commit. The event is refused before anything is
   * written unless the store's `capabilities.atomic` is `'multi'` and `state` is a JSON object.
   */
  set(type: string, id: string, state: object): void;

  /** Remove an instance in the same commit. For its own instance, the handler's return value is ignored. */
  remove(type: string, id: string): void;

  /**
   * Call `effect` once the commit is durable, at most once. It is never called if the process ends first, or
   * if the store could not tell whether it committed (`STORE_UNCERTAIN`): when the event is sent again, it is
   * a duplicate. What `effect` throws is only logged.
   */
  afterCommit(effect: () => unknown): void;
}
