import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isJsonObject } from '@nasc/store-core';
import type { Request, RequestHandler } from 'express';
import type { Access } from './access';
import type { Engine } from '../events/engine';
import { renderPage, type Scope, type ScopeOptions } from '../pages/render-page';

/**
 * `/` (`app.html`) and `/*.html`, filled with the states in the store. A GET mounts nothing: an instance that
 * is not in the store stays as the page has it.
 *
 * @param rootDir the folder of the pages.
 */
export function pageRoute(
  rootDir: string,
  options: ScopeOptions,
  engine: Engine,
  access: Access,
): RequestHandler {
  const root = resolve(rootDir);
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

/** A state that cannot be loaded leaves its scope as it is: the client is told why when it mounts. */
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
    engine.logger.error(
      { type, id, err: error },
      'A page was served without a state that could not be loaded.',
    );
    return null;
  }
}

/**
 * `undefined` for an unknown page; no part of the path may begin with a dot, which keeps it within `root`.
 */
async function readPage(root: string, urlPath: string): Promise<string | undefined> {
  try {
    const path = decodeURIComponent(urlPath);
    if (path.includes('\0') || path.split(/[/\\]/).some((part) => part.startsWith('.'))) return undefined;
    return await readFile(join(root, path), 'utf8');
  } catch (error) {
    if (error instanceof URIError || isNoPage(error)) return undefined;
    throw error;
  }
}

/** The codes that mean: no such page. */
const NO_PAGE = new Set<unknown>(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EACCES', 'EPERM']);

function isNoPage(error: unknown): boolean {
  return isJsonObject(error) && NO_PAGE.has(error.code);
}
