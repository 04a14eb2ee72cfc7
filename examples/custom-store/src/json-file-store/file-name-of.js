// @ts-check
import { createHash } from 'node:crypto';

/**
 * The name of the file of an instance, its own whatever type and id are. A hash, since an id may be
 * longer than a file name, may hold a slash, and may differ from another one in case only; of JSON,
 * since `A:B` + `C` and `A` + `B:C` are two instances.
 *
 * @param {string} type
 * @param {string} id
 */
export function fileNameOf(type, id) {
  if (typeof type !== 'string' || type === '' || !type.isWellFormed()) {
    throw new TypeError('The type must be a string that is not empty, in well-formed Unicode.');
  }
  if (typeof id !== 'string' || !id.isWellFormed()) {
    throw new TypeError('The id must be a string, in well-formed Unicode.');
  }
  const hash = createHash('sha256').update(JSON.stringify([type, id]));
  return `${hash.digest('hex')}.json`;
}
