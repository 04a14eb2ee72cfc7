import { checkType } from './check-key';
import { checkProperties } from './check-properties';
import type { ListOptions } from './store';
import { StoreError } from './store-error';

const OPTIONS = ['after', 'limit'] satisfies (keyof ListOptions)[];
const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 10_000;

/** The options of a page, checked, with the default limit. */
export interface Page {
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * Check the options of `list` or `types` (rule E4).
 *
 * @param method for messages.
 * @throws StoreError `STORE_INVALID_ARGUMENT`
 */
export function checkPage(method: string, options: ListOptions | undefined, type?: string): Page {
  checkProperties(method, options, OPTIONS);
  const { after, limit = DEFAULT_LIMIT } = options ?? {};
  if (after !== undefined && (typeof after !== 'string' || !after.isWellFormed())) {
    const message = '`after` must be the last entry of the previous page, a well-formed string.';
    throw new StoreError('STORE_INVALID_ARGUMENT', message, { type });
  }
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new StoreError('STORE_INVALID_ARGUMENT', '`limit` must be a whole number from 1 to 10,000.', {
      type,
    });
  }
  return { after, limit };
}

/** {@link checkPage} for `list`, with its type. */
export function checkPageOfType(type: string, options: ListOptions | undefined): Page {
  checkType(type);
  return checkPage('list', options, type);
}
