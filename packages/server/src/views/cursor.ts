import type { Version } from '../instances/instance-store';

/** How far a viewer got with one instance. */
export interface Position extends Version {
  type: string;
  id: string;
}

/** A cursor is as long as a request header may safely be. */
const MAX_LENGTH = 4_096;

/**
 * Where a viewer stands with all of its instances, in one line of URL-safe characters: a stream carries
 * several instances, and a browser gives back the last cursor only. Instances that make it too long are
 * left out (the newest stay), and get their whole state when the page mounts them again.
 */
export function writeCursor(positions: Iterable<Position>): string {
  let cursor = '';
  for (const { type, id, epoch, rev } of [...positions].reverse()) {
    const part = [type, id, epoch, rev].map(encodeURIComponent).join(':');
    if (cursor.length + part.length + 1 > MAX_LENGTH) break;
    cursor = cursor === '' ? part : `${part},${cursor}`;
  }
  return cursor;
}

/** What {@link writeCursor} wrote; parts that it cannot have written are left out, as is all of it when too long. */
export function readCursor(cursor: string): Position[] {
  if (cursor === '' || cursor.length > MAX_LENGTH) return [];
  return cursor.split(',').flatMap((part) => {
    const fields = part.split(':');
    if (fields.length !== 4) return [];
    const [type, id, epoch, rev] = fields.map(decode);
    if (type === undefined || type === '' || id === undefined || epoch === undefined) return [];
    return /^\d{1,15}$/.test(rev ?? '') ? [{ type, id, epoch, rev: Number(rev) }] : [];
  });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError || (error as Error).name === 'URIError') return undefined;
    throw error;
  }
}
