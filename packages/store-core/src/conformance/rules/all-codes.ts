import type { StoreErrorCode } from '../../store-error';

// A record, so that the compiler misses none.
const CODES: Record<StoreErrorCode, true> = {
  STORE_INVALID_ARGUMENT: true,
  STORE_INVALID_KEY: true,
  STORE_INVALID_STATE: true,
  STORE_CONFLICT: true,
  STORE_UNCERTAIN: true,
  STORE_UNAVAILABLE: true,
  STORE_CORRUPT: true,
  STORE_BUSY: true,
  STORE_FULL: true,
  STORE_READONLY: true,
  STORE_CLOSED: true,
  STORE_SCHEMA: true,
  STORE_UNSUPPORTED: true,
  STORE_DEPENDENCY: true,
  STORE_IO: true,
};

/** Every code that a StoreError may have. */
export const ALL_CODES = Object.keys(CODES) as StoreErrorCode[];
