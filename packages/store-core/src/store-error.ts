/**
 * Why a call was rejected. A closed union: codes change only in a major version.
 *
 * | code | cause | what to do |
 * | --- | --- | --- |
 * | `STORE_INVALID_ARGUMENT` | an argument that is no key and no state: `ifRev`, `limit`, the same instance twice, a property that writes do not have | mend the call |
 * | `STORE_INVALID_KEY` | `type` or `id` is no string, an empty type, malformed Unicode, or too long for the backend | mend the key |
 * | `STORE_INVALID_STATE` | the state has something that JSON would change or lose; the message has the JSON Pointer | convert it first |
 * | `STORE_CONFLICT` | `ifRev` is not the instance's rev | load again, decide again |
 * | `STORE_UNCERTAIN` | the connection was lost while committing | ask `findEvent`, or load: it may have committed |
 * | `STORE_UNAVAILABLE` | the storage cannot be reached; nothing was sent | try again |
 * | `STORE_CORRUPT` | the row is there and cannot be read | repair it, overwrite it with `ifRev: error.rev`, or remove it |
 * | `STORE_BUSY` | another writer held the lock for the whole time that was allowed; nothing was written. A handle that is alone never gets it | make the call again |
 * | `STORE_FULL` | no room to write; the earlier state is intact | make room, try again |
 * | `STORE_READONLY` | the storage cannot be written | open it writable |
 * | `STORE_CLOSED` | the store was closed | open a new one |
 * | `STORE_SCHEMA` | tables, schema or mapping do not fit | see the message |
 * | `STORE_UNSUPPORTED` | this store does not offer it (see `capabilities`) | do without |
 * | `STORE_DEPENDENCY` | the database driver is not installed | run the command in the message |
 * | `STORE_IO` | anything else that the storage answered | see `cause` |
 */
export type StoreErrorCode =
  | 'STORE_INVALID_ARGUMENT'
  | 'STORE_INVALID_KEY'
  | 'STORE_INVALID_STATE'
  | 'STORE_CONFLICT'
  | 'STORE_UNCERTAIN'
  | 'STORE_UNAVAILABLE'
  | 'STORE_CORRUPT'
  | 'STORE_BUSY'
  | 'STORE_FULL'
  | 'STORE_READONLY'
  | 'STORE_CLOSED'
  | 'STORE_SCHEMA'
  | 'STORE_UNSUPPORTED'
  | 'STORE_DEPENDENCY'
  | 'STORE_IO';

/** What a {@link StoreError} tells besides its message. */
export interface StoreErrorDetails {
  type?: string | undefined;
  id?: string | undefined;
  /** Which of a commit's writes, from 0. */
  index?: number | undefined;
  /** `STORE_CONFLICT`: the `ifRev` that was asked for. */
  expected?: number | undefined;
  /** `STORE_CONFLICT`: the rev that the instance has; 0 when absent or removed. */
  actual?: number | undefined;
  /** `STORE_CORRUPT`: the rev of the row, so that `commit({ ifRev })` can repair it. */
  rev?: number | undefined;
  /** The native error. */
  cause?: unknown;
}

/**
 * The one error of all stores. Tell them apart by `code` (or by `isStoreError`, which also knows
 * errors of another copy of this package), never by message. Messages hold no ids and no state:
 * they may be logged.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  declare readonly type?: string;
  declare readonly id?: string;
  declare readonly index?: number;
  declare readonly expected?: number;
  declare readonly actual?: number;
  declare readonly rev?: number;

  constructor(code: StoreErrorCode, message: string, details: StoreErrorDetails = {}) {
    const { cause, ...properties } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    for (const [key, value] of Object.entries(properties)) {
      if (value !== undefined) Object.assign(this, { [key]: value });
    }
  }
}

/** Whether a value is a {@link StoreError}, whichever copy of this package or realm made it. */
export function isStoreError(value: unknown, code?: StoreErrorCode): value is StoreError {
  if (typeof value !== 'object' || value === null) return false;
  const { name, code: own } = value as Partial<StoreError>;
  return name === 'StoreError' && (code === undefined || own === code);
}
