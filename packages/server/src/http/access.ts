import type { IncomingMessage } from 'node:http';
import type { Target } from '../events/engine';
import type { Logger } from '../instances/logger';
import { originOf } from './origin';

/**
 * Decides on each mount, event, view and schema. `request` is the HTTP request, or the one that opened
 * the WebSocket. False, or a throw, refuses. For the schemas `id` is `""` and `event` is `schema`.
 */
export type Authorize = (request: IncomingMessage, target: Target) => boolean | Promise<boolean>;

/** Who may talk to the engine. */
export interface AccessOptions {
  /** Default: everybody may do everything. */
  authorize?: Authorize | undefined;
  /**
   * Origins (`https://app.example`, no path) besides the server's own whose pages may send events and open
   * WebSockets; `'*'` for all. Requests without `Origin` are not from a page of another site.
   */
  allowedOrigins?: readonly string[] | '*' | undefined;
}

/** Access as the options say. */
export class Access {
  readonly #authorize: Authorize;
  readonly #origins: readonly string[];

  readonly #logger: Logger;

  constructor({ authorize = () => true, allowedOrigins = [] }: AccessOptions, logger: Logger) {
    this.#logger = logger;
    this.#authorize = authorize;
    // Not `includes` on a string: it would let in parts of it.
    this.#origins =
      allowedOrigins === '*' ? ['*'] : allowedOrigins.map((origin) => originOf(origin) ?? origin);
  }

  /** Whether the request's sender may. */
  async may(request: IncomingMessage, target: Target): Promise<boolean> {
    try {
      return (await this.#authorize(request, target)) === true;
    } catch (error) {
      this.#logger.error({ ...target, err: error }, 'authorize threw: refused.');
      return false;
    }
  }

  /**
   * Whether the page that sent the request is of this server or of an allowed origin. A proxy may have
   * put the server's name into X-Forwarded-Host: a page of another site can set neither of the two.
   */
  isAllowedOrigin({ headers }: IncomingMessage): boolean {
    const { origin, host = '', 'x-forwarded-host': forwarded = '' } = headers;
    if (origin === undefined || this.#origins.includes('*') || this.#origins.includes(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const names = [host, ...String(forwarded).split(',')].map((name) => name.trim().toLowerCase());
    return names.includes(new URL(origin).host);
  }
}
