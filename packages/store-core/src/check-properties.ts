import { unknownName } from './check-options';
import { StoreError } from './store-error';

/**
 * Refuse an argument with an unknown property, with `STORE_INVALID_ARGUMENT`. A misspelt `ifRev` would be an
 * unconditional write: a lost update.
 *
 * @param what the argument: `writes[0]`, or for options the method that takes them.
 * @param known the names of its properties, each of which can be absent.
 * @param index the write of a commit that the argument is; absent for options.
 */
export function checkProperties(
  what: string,
  argument: object | null | undefined,
  known: readonly string[],
  index?: number,
): void {
  if (argument === undefined || argument === null) return;
  const unknown = Object.keys(argument).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const message = unknownName(index === undefined ? 'option' : 'property', unknown, known, what);
  throw new StoreError('STORE_INVALID_ARGUMENT', message, { index });
}
