import type { ClientMessage, Patch } from '@nasc/client';
import { checkProcessor, type ProcessorOptions } from './check-options';
import { createEngine } from './create-engine';
import type { Handlers } from './handlers/handler';
import type { AnyStore } from './instances/map-store';

/** A message from a program: a missing instance means `""`, a missing payload `{}`. */
export type IncomingMessage = Pick<ClientMessage, 'event' | 'type'> & Partial<ClientMessage>;

/**
 * Carry out a message, and resolve with the patches for its sender once the result is durable. Never rejects:
 * a failure is one patch `{ action: 'error', message }`.
 */
export type ProcessMessage = (message: IncomingMessage) => Promise<Patch[]>;

/**
 * The engine without a transport.
 *
 * - `mount`: `store.load`; if absent, `handler.mount(…)` and `store.persist(type, id, state, state)`.
 *   Patches: the schemas, then each property.
 * - an event: `store.load`; the handler; `store.persist(type, id, diff, next)`, even if the diff is empty.
 *   Patches: each changed property. The instance need not have been mounted in this process.
 *
 * One event at a time for each instance. A versioned store gets `loadVersioned` and `commit` with
 * `ifRev` instead, and the event runs again if another process was faster.
 *
 * @throws TypeError listing every invalid argument and unknown option.
 */
export function createProcessor(
  handlers: Handlers,
  store: AnyStore,
  options: ProcessorOptions = {},
): ProcessMessage {
  checkProcessor(handlers, store, options);
  const engine = createEngine(handlers, store, options);
  return async (message) => (await engine.process(message)).patches;
}
