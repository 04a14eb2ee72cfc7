import type { Page } from 'playwright-core';
import type { BindUpdatePatch, Patch } from '../protocol';
import type { OpenPage } from './describe-in-browser';
import { PageServer } from './page-server';

/** A page with the built client in it, and the server behind it. */
export interface ClientPage {
  readonly page: Page;
  readonly server: PageServer;
  readonly problems: string[];
}

const servers = new Set<PageServer>();

/** What to do differently from {@link openClientPage}'s defaults. */
export interface ClientPageOptions {
  /** The query of the page's address, such as `?transport=ws`. */
  query?: string;
  /** Patches that answer the mount. */
  mounted?: readonly Patch[];
  /** Runs before the page is loaded. */
  prepare?: (server: PageServer, page: Page) => void | Promise<void>;
}

/** Serves a body under `na-connect` and opens it; resolves when the client has mounted. */
export async function openClientPage(
  openPage: OpenPage,
  body: string,
  { query = '', mounted = [], prepare }: ClientPageOptions = {},
): Promise<ClientPage> {
  const server = new PageServer(
    `<!doctype html><title>Test</title><link rel="icon" href="data:,">
     <script type="module" src="/nasc.js"></script><body na-connect>${body}`,
  );
  servers.add(server);
  server.onMount = () => mounted;
  const { page, problems } = await openPage();
  await server.start();
  await prepare?.(server, page);
  await page.goto(server.url + query);
  await server.event('mount');
  return { page, server, problems };
}

/** Stops the servers of the pages that a test has opened. */
export async function stopPageServers(): Promise<void> {
  await Promise.all([...servers].map((server) => server.stop()));
  servers.clear();
}

/** The patch for one property of `List:1`, or of another instance. */
export function update(prop: string, value: unknown, instance = '1', type = 'List'): BindUpdatePatch {
  return { action: 'bindUpdate', instance, type, prop, value };
}
