import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isJsonObject } from './is-json-object';
import { StoreError } from './store-error';

/** An optional peer dependency, and what it is needed for. */
export interface OptionalDependency {
  /** Name of the package. */
  readonly name: string;
  /** What it is needed for, as messages say: `SQLite stores`. */
  readonly neededFor: string;
  /** A file of the package that needs it, `__filename` for example: it is looked for from there first. */
  readonly from: string;
}

/**
 * Load an optional peer dependency when it is needed: from beside the package that needs it, or else from the
 * application's root (the working directory).
 *
 * @typeParam T what the package exports; nothing checks it.
 * @throws StoreError `STORE_DEPENDENCY` with the command that installs the package.
 */
export function loadOptional<T>({ name, neededFor, from }: OptionalDependency): T {
  let cause: unknown;
  for (const place of [from, join(process.cwd(), 'package.json')]) {
    try {
      return createRequire(place)(name) as T;
    } catch (error) {
      // A copy that is there but does not load says more than one that is not there.
      if (cause === undefined || !isMissing(error, name)) cause = error;
    }
  }
  const message = isMissing(cause, name)
    ? `The package ${name} is not installed, and ${neededFor} need it. Install it: npm i ${name}`
    : `${name} is installed but fails to load (see the cause). Reinstall it for this version of Node.js: npm i ${name}`;
  throw new StoreError('STORE_DEPENDENCY', message, { cause });
}

/** Whether it is the package itself that is not there, and not one that it needs. */
function isMissing(error: unknown, name: string): boolean {
  if (!isJsonObject(error)) return false;
  return error.code === 'MODULE_NOT_FOUND' && String(error.message).includes(`'${name}'`);
}
