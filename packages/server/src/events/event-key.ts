import { createHash } from 'node:crypto';
import type { CheckedMessage } from '../handlers/client-message';

/**
 * What the store records for a client's event id: a hash of client, type, id, event and event id, so that no
 * client can use up another's event ids.
 */
export function eventKey({ clientId, type, instance, event, eventId }: CheckedMessage): string | undefined {
  if (eventId === undefined) return undefined;
  const parts = JSON.stringify([clientId ?? '', type, instance, event, eventId]);
  return createHash('sha256').update(parts).digest('base64url');
}
