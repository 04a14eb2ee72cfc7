import type { Version } from '../instances/instance-store';

/** How far a viewer got with one instance. */
export interface Position extends Version {
  /** Type of the instance. */
  type: string;
  /** Its id. */
  id: string;
}

/** Longest cursor: what a request header can safely hold. */
const MAX_LENGTH = 4_096;

/**
 * Where a viewer is with all of its instances, in one line of URL-safe characters: a stream carries several
 * instances, and a browser sends back only the last cursor. Instances that would make it too long are left
 * out (the newest stay); the page gets their whole state when it mounts them again.
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

/**
 * Reads what {@link writeCursor} wrote. Ignores parts that it cannot have written, and a cursor that is too
 * long.
 */
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
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
