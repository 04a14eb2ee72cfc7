import { StoreError, type CapturedWrite } from '@nasc/store-core';

/** How long an event id is remembered, in milliseconds: seven days. */
export const EVENT_RETENTION = 7 * 24 * 3_600_000;

type Writes = readonly CapturedWrite<string>[];

/** An event id as text that UTF-8 can hold: a lone surrogate would be replaced, and two events be one. */
export function eventKey(eventId: string): string {
  return eventId.isWellFormed() && !eventId.startsWith('"') ? eventId : JSON.stringify(eventId);
}

/** What is recorded of a commit with an `eventId`: which instances it wrote, and their revs. */
export function recordEvent(writes: Writes, revs: readonly number[]): string {
  return JSON.stringify(writes.map(({ type, id }, i) => [type, id, revs[i]]));
}

/** The revs that the first commit of an event gave to these writes. */
export function revsOfEvent(recorded: string, writes: Writes): number[] {
  const first = JSON.parse(recorded) as [type: string, id: string, rev: number][];
  const revs = writes.map((write) => first.find(([type, id]) => type === write.type && id === write.id)?.[2]);
  if (revs.length === first.length && revs.every((rev) => rev !== undefined)) return revs;
  const message = 'This eventId was committed with other instances; use a new one for a new event.';
  throw new StoreError('STORE_INVALID_ARGUMENT', message);
}
