import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Request, RequestHandler } from 'express';
import type { Access } from './access';
import type { Engine } from '../events/engine';
import { renderPage, type Scope } from '../pages/render-page';

/** Where pages are. */
export interface PageOptions {
  /**
   * The folder of pages and static files. All of it is public but dotfiles: keep databases and sources
   * elsewhere.
   */
  rootDir: string;
  /** The instance of a `$path` scope, as `mapScopeToInstance` in the browser. Default: `root`. */
  mapScopeToInstance?: ((scope: string, type: string) => string) | undefined;
}

/**
 * `/` (`app.html`) and `/*.html` with the states that the store has. An instance that it does not have
 * is left as the page has it: a GET mounts nothing.
 */
export function pageRoute(options: PageOptions, engine: Engine, access: Access): RequestHandler {
  const root = resolve(options.rootDir);
  return async (request, response, next) => {
    const html = await readPage(root, request.path === '/' ? '/app.html' : request.path);
    if (html === undefined) {
      next();
      return;
    }
    const page = await renderPage(html, options, (scope) => stateFor(scope, request, engine, access));
    response.set('Cache-Control', 'no-cache').type('html').send(page);
  };
}

/** A state that cannot be had leaves its scope as it is: the client will be told why when it mounts. */
async function stateFor(
  { type, id }: Scope,
  request: Request,
  engine: Engine,
  access: Access,
): Promise<object | null> {
  try {
    const isAllowed = await access.may(request, { type, id, event: 'view' });
    return isAllowed ? await engine.peek(type, id) : null;
  } catch (error) {
    engine.logger.error({ type, id, err: error }, 'A page is served without a state.');
    return null;
  }
}

/** `undefined` when there is no such page; no part of the path may begin with a dot, so it stays in `root`. */
async function readPage(root: string, urlPath: string): Promise<string | undefined> {
  try {
    const path = decodeURIComponent(urlPath);
    if (path.includes('\0') || path.split(/[/\\]/).some((part) => part.startsWith('.'))) return undefined;
    return await readFile(join(root, path), 'utf8');
  } catch (error) {
    if (error instanceof URIError || NO_PAGE.has((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

const NO_PAGE = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EACCES', 'EPERM']);
