import { EventRefused } from '../instances/engine-error';
import type { Payload } from './handler';

/** A message that has the right shape. What it asks for may still not exist. */
export interface CheckedMessage {
  event: string;
  type: string;
  /** `""` when the message had none. */
  instance: string;
  payload: Payload;
  eventId: string | undefined;
  /** Names the browser, not the tab; `undefined` when it did not say. */
  clientId: string | undefined;
}

/** Longest name and id that a message may hold, in UTF-16 units. */
export const MAX_NAME_LENGTH = 1_024;

/** How many objects and arrays of a payload may stand one inside the other. */
export const MAX_PAYLOAD_DEPTH = 100;

/**
 * Check what came off a wire, whatever it is.
 *
 * @throws EventRefused saying what is wrong with it.
 */
export function checkMessage(message: unknown): CheckedMessage {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new EventRefused('A message must be a JSON object { event, instance, type, payload }.');
  }
  const { event, type, instance, payload, eventId, clientId } = message as Record<string, unknown>;
  return {
    event: nameOf(event, 'event'),
    type: nameOf(type, 'type'),
    instance: nameOf(instance ?? '', 'instance'),
    payload: payloadOf(payload),
    eventId: optionalName(eventId, 'eventId'),
    clientId: optionalName(clientId, 'clientId'),
  };
}

/** Parse a text that came off a wire, for {@link checkMessage}. */
export function parseMessage(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EventRefused('The message is not JSON.', { cause: error });
  }
}

function nameOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new EventRefused(`The message's ${name} must be a string.`);
  if (value.length > MAX_NAME_LENGTH) throw new EventRefused(`The message's ${name} is too long.`);
  if (!value.isWellFormed()) throw new EventRefused(`The message's ${name} is not well-formed Unicode.`);
  return value;
}

function optionalName(value: unknown, name: string): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : nameOf(value, name);
}

function payloadOf(value: unknown): Payload {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new EventRefused("The message's payload must be an object.");
  }
  if (isDeeper(value, MAX_PAYLOAD_DEPTH)) throw new EventRefused("The message's payload is nested too deep.");
  return value as Payload;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
