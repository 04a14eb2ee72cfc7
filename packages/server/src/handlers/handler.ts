import type { JsonObject } from '@nasc/store-core';

/** What an event carries: the `data-*` attributes of a button, the controls of a form. Not trusted. */
export type Payload = Record<string, unknown>;

/**
 * What handles the events of one type: an object, or an instance of a class.
 *
 * - `mount(params)` gives the first state of an instance that the store does not have. `params` is the
 *   message's payload with `<lower-cased type>Id` set to the instance's id.
 * - Every other own method (of its classes too) is an event: `(payload, current, ctx) => next`, async or
 *   not. A class of a library that it extends is one of its classes: keep such an object in a field. Those
 *   of the language, `EventEmitter` and `EventTarget` add no events. `current` is a copy, to change and
 *   return or to leave; what is returned is the whole next state. Returning no object is an error and
 *   changes nothing; so is throwing. The message of the error that is thrown goes to the browser.
 * - `onConflict: 'reject'` refuses an event when another process changed the instance meanwhile. By
 *   default (`'retry'`) the event is run again on the new state, so a handler may run several times:
 *   side effects belong into `ctx.afterCommit`.
 */
export type Handler = object;

/** Handlers by type name; own properties only. */
export type Handlers = Readonly<Record<string, Handler>>;

/** The shape of an event method, for those who write their handlers with types. */
export type EventMethod<State extends object = JsonObject, Data = Payload> = (
  payload: Data,
  current: State,
  ctx: HandlerContext,
) => State | Promise<State>;

/** The third argument of an event method: other instances, in one atomic commit with this one. */
export interface HandlerContext {
  /** Type of the instance whose event it is. */
  readonly type: string;
  /** Its id. */
  readonly id: string;
  /** Name of the event. */
  readonly event: string;

  /**
   * The state of another instance, as this unit of work sees it (what was set is seen); a copy.
   * `null` when there is none. An instance that was read and is then set must not have changed in
   * between: otherwise the event runs again. One that was only read may change before the commit.
   * `State` is what you know it to be: nothing checks it.
   */
  get<State extends object = JsonObject>(type: string, id: string): Promise<State | null>;

  /**
   * Make `state` the state of another instance, in the same commit. Needs a store whose
   * `capabilities.atomic` is `'multi'`; otherwise the event is refused before anything is written,
   * as it is when `state` is no JSON object.
   */
  set(type: string, id: string, state: object): void;

  /** Remove an instance in the same commit. Of its own instance: what the handler returns is ignored. */
  remove(type: string, id: string): void;

  /**
   * Call `effect` when the commit is durable: at most once. Never when the process ends in between, or when
   * the store could not tell that it had committed (`STORE_UNCERTAIN`): the event, sent again, is a duplicate.
   * What it throws is logged and harms nothing.
   */
  afterCommit(effect: () => unknown): void;
}
