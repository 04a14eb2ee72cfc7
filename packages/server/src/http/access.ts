import type { IncomingMessage } from 'node:http';
import type { Target } from '../events/engine';
import type { Logger } from '../instances/logger';
import { originOf } from './origin';

/**
 * Decides on each mount, event, view and schema. `request` is the HTTP request, or the one that opened the
 * WebSocket. Returning false refuses, and so does throwing. For schemas, `id` is `""` and `event` is
 * `schema`.
 */
export type Authorize = (request: IncomingMessage, target: Target) => boolean | Promise<boolean>;

/** Who may talk to the engine. */
export interface AccessOptions {
  /** Decides on each mount, event, view and schema. Default: everything is allowed. */
  authorize?: Authorize | undefined;
  /**
   * Origins other than the server's own (`https://app.example`, no path) whose pages may send events and open
   * WebSockets; `'*'` for all. Requests without `Origin` do not come from a page of another site.
   */
  allowedOrigins?: readonly string[] | '*' | undefined;
}

/** Answers who may do what, according to the options. */
export class Access {
  readonly #authorize: Authorize;
  readonly #origins: readonly string[];
  readonly #logger: Logger;

  constructor({ authorize = () => true, allowedOrigins = [] }: AccessOptions, logger: Logger) {
    this.#logger = logger;
    this.#authorize = authorize;
    // On a string, `includes` would also allow parts of it.
    this.#origins =
      allowedOrigins === '*' ? ['*'] : allowedOrigins.map((origin) => originOf(origin) ?? origin);
  }

  /** Whether the sender of a request may. */
  async may(request: IncomingMessage, target: Target): Promise<boolean> {
    try {
      return (await this.#authorize(request, target)) === true;
    } catch (error) {
      this.#logger.error({ ...target, err: error }, 'authorize threw, which refuses the request.');
      return false;
    }
  }

  /**
   * Whether the page that sent the request belongs to this server or to an allowed origin. Behind a proxy the
   * server's name can be in X-Forwarded-Host: a page of another site can set neither header.
   */
  isAllowedOrigin({ headers }: IncomingMessage): boolean {
    const { origin, host = '', 'x-forwarded-host': forwarded = '' } = headers;
    if (origin === undefined || this.#origins.includes('*') || this.#origins.includes(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const names = [host, ...String(forwarded).split(',')].map((name) => name.trim().toLowerCase());
    return names.includes(new URL(origin).host);
  }
}
