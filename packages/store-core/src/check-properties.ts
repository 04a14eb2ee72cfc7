import { StoreError } from './store-error';

/**
 * Refuse an argument with a property that none has, with `STORE_INVALID_ARGUMENT`. A misspelt `ifRev`
 * would be an unconditional write: a lost update.
 *
 * @param what the argument, as the message names it.
 * @param known the properties that there are, each of which may be absent.
 * @param index the write of a commit that the argument is.
 */
export function checkProperties(
  what: string,
  argument: object | null | undefined,
  known: readonly string[],
  index?: number,
): void {
  if (argument === undefined || argument === null) return;
  for (const name of Object.keys(argument)) {
    if (known.includes(name)) continue;
    const message = `Unknown property ${JSON.stringify(name.slice(0, 50))} of ${what}; known: ${known.join(', ')}.`;
    throw new StoreError('STORE_INVALID_ARGUMENT', message, { index });
  }
}
