import { recordOf, type CapturedWrite, type RecordedWrite } from '@nasc/store-core';

/** How long an event id is remembered, in milliseconds: seven days. */
export const EVENT_RETENTION = 7 * 24 * 3_600_000;

/** An event id as text that UTF-8 can hold: a lone surrogate would be replaced, and two events would become one. */
export function eventKey(eventId: string): string {
  return eventId.isWellFormed() && !eventId.startsWith('"') ? eventId : JSON.stringify(eventId);
}

/** The text to record for a commit with an `eventId`: which instances it wrote, and their revs. */
export function recordedText(writes: readonly CapturedWrite<string>[], revs: readonly number[]): string {
  return JSON.stringify(recordOf(writes, revs));
}

/** What {@link recordedText} recorded. */
export function recordedWrites(text: string): RecordedWrite[] {
  return JSON.parse(text) as RecordedWrite[];
}
