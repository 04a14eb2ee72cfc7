import type { ClientMessage, Patch } from '@nasc/client';
import { checkProcessor } from './check-options';
import { Engine, type ProcessorOptions } from './events/engine';
import type { Handlers } from './handlers/handler';
import type { AnyStore } from './instances/map-store';

/** A message as a program may give it: a missing instance is `""`, a missing payload `{}`. */
export type IncomingMessage = Pick<ClientMessage, 'event' | 'type'> & Partial<ClientMessage>;

/**
 * Do what a message asks for, and resolve with the patches for its sender when that is durable. Never
 * rejects: what goes wrong is one patch `{ action: 'error', message }`.
 */
export type ProcessMessage = (message: IncomingMessage) => Promise<Patch[]>;

/**
 * The engine without a transport.
 *
 * - `mount`: `store.load`; when absent `handler.mount(…)` and `store.persist(type, id, state, state)`.
 *   Patches: the schemas, then each property.
 * - an event: `store.load`; the handler; `store.persist(type, id, diff, next)`, an empty diff included.
 *   Patches: each changed property. It need not have been mounted in this process: the store knows.
 *
 * One event at a time for each instance. A versioned store gets `loadVersioned` and `commit` with
 * `ifRev` instead, and the event is run again when another process was faster.
 *
 * @throws TypeError that lists what is not as it should be, options that there are not included.
 */
export function createProcessor(
  handlers: Handlers,
  store: AnyStore,
  options: ProcessorOptions = {},
): ProcessMessage {
  checkProcessor(handlers, store, options);
  const engine = new Engine(handlers, store, options);
  return async (message) => (await engine.process(message)).patches;
}
