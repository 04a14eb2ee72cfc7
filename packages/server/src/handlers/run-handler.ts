import { isJsonObject, type JsonObject } from '@nasc/store-core';
import { EventRefused, HandlerFailed, HandlerMistake } from '../instances/engine-error';
import { findEvent, findMount } from './handler-events';
import type { Handler, Payload } from './handler';
import type { UnitOfWork } from './unit-of-work';

/**
 * Let a handler compute the next state. Writes nothing.
 *
 * @param current the state, which the handler may change.
 * @returns the next state; `null` if the handler removed its own instance.
 * @throws EventRefused for an unknown event; HandlerMistake for a result that is not a state; HandlerFailed,
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
  return stateOf(next, `${type}.${event} must return the full next state`);
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
    throw new HandlerMistake(
      `${type} has no mount method to create the instance, which is not in the store.`,
    );
  const params = { ...payload, [`${type.toLowerCase()}Id`]: id };
  return stateOf(await asHandler(() => mount(params)), `${type}.mount must return the first state`);
}

async function asHandler(call: () => unknown): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof EventRefused) throw error;
    throw new HandlerFailed('A handler threw.', { cause: error });
  }
}

function stateOf(value: unknown, demand: string): JsonObject {
  // Whether its values are JSON is for the store to check.
  if (isJsonObject(value)) return value as JsonObject;
  throw new HandlerMistake(`${demand} (an object); it returned ${kindOf(value)}.`);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
