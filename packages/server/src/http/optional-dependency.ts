import { createRequire } from 'node:module';
import { join } from 'node:path';
import { StoreError } from '@nasc/store-core';

/**
 * Load an optional peer dependency: beside this package first, then from the application's folder.
 *
 * @throws StoreError `STORE_DEPENDENCY` naming the command that installs it.
 */
export function optionalDependency<T>(name: string): T {
  const places = [__filename, join(process.cwd(), 'package.json')];
  let missing: unknown;
  for (const place of places) {
    try {
      return createRequire(place)(name) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      missing = error;
    }
  }
  const message = `@nasc/server needs '${name}' for this. Install it: npm i ${name}`;
  throw new StoreError('STORE_DEPENDENCY', message, { cause: missing });
}
