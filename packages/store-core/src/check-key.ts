import { StoreError } from './store-error';

/**
 * Refuse what cannot name an instance, with `STORE_INVALID_KEY` (rules I9, I10).
 *
 * @param index the write of a commit that the key is of.
 */
export function checkKey(type: unknown, id: unknown, index?: number): void {
  checkType(type, index);
  if (typeof id !== 'string') {
    throw new StoreError('STORE_INVALID_KEY', `The id must be a string, not ${kindOf(id)}.`, { type, index });
  }
  if (!id.isWellFormed()) {
    throw new StoreError('STORE_INVALID_KEY', `The id holds a lone surrogate. ${WELL_FORMED}`, {
      type,
      index,
    });
  }
}

/** {@link checkKey} for calls that name a type only. */
export function checkType(type: unknown, index?: number): asserts type is string {
  if (typeof type !== 'string') {
    throw new StoreError('STORE_INVALID_KEY', `The type must be a string, not ${kindOf(type)}.`, { index });
  }
  if (type === '') {
    throw new StoreError('STORE_INVALID_KEY', 'The type is empty. Name it, for example "TodoList".', {
      index,
    });
  }
  if (!type.isWellFormed()) {
    throw new StoreError('STORE_INVALID_KEY', `The type holds a lone surrogate. ${WELL_FORMED}`, { index });
  }
}

/**
 * One string per instance, for maps within a process: no two instances share one, whatever
 * separators their names hold (rule I1).
 */
export function instanceKey(type: string, id: string): string {
  return `${type.length}:${type}${id}`;
}

/** What a value is, in a word for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'undefined' ? 'undefined' : `of type ${typeof value}`;
}

const WELL_FORMED = 'Keys are well-formed Unicode; String.prototype.toWellFormed() makes one.';
