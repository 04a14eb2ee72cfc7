import { isJsonObject } from '@nasc/store-core';
import { EventRefused } from '../instances/engine-error';
import type { Payload } from './handler';

/** A message of the right shape. What it asks for need not exist. */
export interface CheckedMessage {
  /** `mount`, or an event's name. */
  event: string;
  /** Type of the instance. */
  type: string;
  /** Its id; `""` if the message had none. */
  instance: string;
  /** Data for the handler. */
  payload: Payload;
  /** Makes the event take effect once; `undefined` if the message had none. */
  eventId: string | undefined;
  /** Names the browser, not the tab; `undefined` if the message had none. */
  clientId: string | undefined;
}

/** Longest name or id in a message, in UTF-16 units. */
export const MAX_NAME_LENGTH = 1_024;

/** How deep the objects and arrays of a payload can be nested. */
export const MAX_PAYLOAD_DEPTH = 100;

/**
 * Check anything that came off the wire.
 *
 * @throws EventRefused saying what is wrong with it.
 */
export function checkMessage(message: unknown): CheckedMessage {
  if (!isJsonObject(message)) {
    throw new EventRefused('A message must be a JSON object { event, instance, type, payload }.');
  }
  const { event, type, instance, payload, eventId, clientId } = message;
  return {
    event: nameOf(event, 'event'),
    type: nameOf(type, 'type'),
    instance: nameOf(instance ?? '', 'instance'),
    payload: payloadOf(payload),
    eventId: optionalName(eventId, 'eventId'),
    clientId: optionalName(clientId, 'clientId'),
  };
}

/** Parse a text that came off the wire, for {@link checkMessage}. */
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
  if (!isJsonObject(value)) throw new EventRefused("The message's payload must be an object.");
  if (isDeeper(value, MAX_PAYLOAD_DEPTH))
    throw new EventRefused("The message's payload is nested too deeply.");
  return value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
