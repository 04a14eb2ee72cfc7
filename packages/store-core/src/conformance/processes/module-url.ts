import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The URL under which any process imports a module that is given as a path or as a URL.
 *
 * @throws TypeError when it is neither.
 */
export function moduleUrl(module: string | URL): string {
  if (typeof module === 'string' && module !== '' && !module.startsWith('file:')) {
    return pathToFileURL(resolve(module)).href;
  }
  // No `instanceof`: a URL may come from another realm.
  const { href } = typeof module === 'string' ? { href: module } : ((module ?? {}) as { href?: unknown });
  if (typeof href === 'string' && href.startsWith('file:')) return href;
  throw new TypeError(
    '`module` must be the path or the file URL of a module: import.meta.url, or __filename.',
  );
}
