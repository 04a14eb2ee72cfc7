import type { JsonObject } from '@nasc/store-core';
import { EventRefused, HandlerFailed, HandlerMistake } from '../instances/engine-error';
import { findEvent, findMount } from './handler-events';
import type { Handler, Payload } from './handler';
import type { UnitOfWork } from './unit-of-work';

/**
 * Let a handler compute the next state. Nothing is written.
 *
 * @param current the handler's to do with as it likes.
 * @returns the next state, `null` when the handler removed its own instance.
 * @throws EventRefused for an unknown event; HandlerMistake for a result that is no state; HandlerFailed,
 *   with what the handler threw as its cause.
 */
export async function runEvent(
  handler: Handler,
  payload: Payload,
  current: object,
  unit: UnitOfWork,
): Promise<JsonObject | null> {
  const { event, type } = unit;
  const method = findEvent(handler, event);
  if (method === undefined) throw new EventRefused(`Unknown event '${event}' for ${type}`);
  const next = await asHandler(() => method(payload, current, unit));
  unit.end();
  if (unit.removesItself) return null;
  return stateOf(next, `${type}.${event}`);
}

/** The first state of an instance; see `Handler`. Throws as {@link runEvent} does. */
export async function runMount(
  handler: Handler,
  type: string,
  id: string,
  payload: Payload,
): Promise<JsonObject> {
  const mount = findMount(handler);
  if (mount === undefined)
    throw new HandlerMistake(`${type} has no mount, and the store has no such instance.`);
  const params = { ...payload, [`${type.toLowerCase()}Id`]: id };
  return stateOf(await asHandler(() => mount(params)), `${type}.mount`);
}

async function asHandler(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof EventRefused) throw error;
    throw new HandlerFailed('A handler threw.', { cause: error });
  }
}

function stateOf(value: unknown, name: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new HandlerMistake(`${name} returned no state; it must return the whole next state, an object.`);
}
