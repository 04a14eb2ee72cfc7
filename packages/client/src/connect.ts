import { Scopes, type MapScopeToInstance } from './dom/scope';
import { View } from './dom/view';
import { listenForEvents } from './listen-for-events';
import { SchemaOverlay } from './overlay/schema-overlay';
import type { ClientMessage, Patch } from './protocol';
import { Connection, type ConnectionStatus } from './transport/connection';
import type { TransportName } from './transport/transport';

/** Options of {@link connect}. A page that connects by itself takes them from `window.NASC_OPTIONS`. */
export interface ConnectOptions {
  /** How to reach the server. Default: the page's `?transport=`, or else `sse`, which falls back to `ws`. */
  transport?: TransportName | undefined;
  /** The URL of the server. Default: where the page came from. */
  baseUrl?: string | undefined;
  /** The instance of a `$path` scope. Default: `root`. */
  mapScopeToInstance?: MapScopeToInstance | undefined;
}

/** A connected page. */
export interface Client {
  /**
   * Sends an event as an element of the page would. Resolves once the server is done, rejects if it refuses.
   */
  send(message: ClientMessage): Promise<void>;
  /** Disconnects for good and stops listening to the page. */
  close(): void;
}

/**
 * Brings a page to life: mounts its scopes, shows what the server sends, sends what the user does.
 *
 * `na-status` on the body is `connecting`, `online` or `offline`. An error from the server is a `nasc:error`
 * event on the document with the `detail` `{ message }`.
 */
export function connect(options: ConnectOptions = {}): Client {
  const { transport, baseUrl, mapScopeToInstance } = { ...window.NASC_OPTIONS, ...options };
  const ending = new AbortController();
  const { signal } = ending;
  const scopes = new Scopes(mapScopeToInstance);
  const view = new View(scopes);
  const overlay = new SchemaOverlay(scopes, signal);
  const complain = (message: string, element: Element): void => overlay.report({ message, element });

  const connection = new Connection(serverUrl(baseUrl), transport ?? askedTransport(), {
    greeting: () => mounts(scopes, complain),
    received: (patches, whole) => {
      const gone = whole === undefined ? [] : view.gone(whole, patches);
      [...gone, ...patches].forEach((patch) => take(patch, view, overlay));
    },
    changed: (status: ConnectionStatus) => document.body.setAttribute('na-status', status),
  });
  const send = (message: ClientMessage): Promise<void> => connection.send(message);
  listenForEvents({ scopes, view, send, complain }, signal);
  window.addEventListener('online', () => connection.open(), { signal });
  // A page in the back-forward cache keeps no connection, and gets a new one when it returns.
  window.addEventListener('pagehide', () => connection.close(), { signal });
  window.addEventListener('pageshow', ({ persisted }) => persisted && connection.open(), { signal });
  connection.open();

  return {
    send,
    close() {
      ending.abort();
      connection.close();
    },
  };
}

function take(patch: Patch, view: View, overlay: SchemaOverlay): void {
  switch (patch.action) {
    case 'bindUpdate':
      view.apply(patch);
      overlay.observe(patch);
      break;
    case 'schema':
      overlay.learn(patch);
      break;
    case 'error':
      console.error(`[nasc] ${patch.message}`);
      document.dispatchEvent(new CustomEvent('nasc:error', { detail: { message: patch.message } }));
  }
}

/** One mount for each instance on the page. */
function mounts(scopes: Scopes, complain: (message: string, element: Element) => void): ClientMessage[] {
  const messages = new Map<string, ClientMessage>();
  for (const { element, instance, type } of scopes.all()) {
    if (type === '') complain(`na-scope="${element.getAttribute('na-scope')}" has no na-type`, element);
    else messages.set(JSON.stringify([type, instance]), { event: 'mount', instance, type, payload: {} });
  }
  return [...messages.values()];
}

function serverUrl(baseUrl = '/'): URL {
  return new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`, location.href);
}

function askedTransport(): TransportName {
  return new URLSearchParams(location.search).get('transport')?.toLowerCase() === 'ws' ? 'ws' : 'sse';
}
