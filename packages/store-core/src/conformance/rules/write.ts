import type { Write } from '../../store';
import { DOC } from '../suite-schema';

/** A write of one instance, for commits. */
export function write(id: string, full: object | null, ifRev?: number, type: string = DOC): Write {
  const plain = { type, id, diff: {}, full: full as Write['full'] };
  return ifRev === undefined ? plain : { ...plain, ifRev };
}
