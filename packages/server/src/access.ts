import type { IncomingMessage } from 'node:http';
import type { Target } from './engine';

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
   * Origins (`https://app.example`) besides the server's own whose pages may send events and open
   * WebSockets; `'*'` for all. Requests without `Origin` are not from a page of another site.
   */
  allowedOrigins?: readonly string[] | undefined;
}

/** Access as the options say. */
export class Access {
  readonly #authorize: Authorize;
  readonly #origins: readonly string[];

  constructor({ authorize = () => true, allowedOrigins = [] }: AccessOptions) {
    this.#authorize = authorize;
    this.#origins = allowedOrigins;
  }

  /** Whether the request's sender may; rejects when the hook does. */
  async may(request: IncomingMessage, target: Target): Promise<boolean> {
    return (await this.#authorize(request, target)) === true;
  }

  /** Whether the page that sent the request is of this server or of an allowed origin. */
  isAllowedOrigin({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers;
    if (origin === undefined || this.#origins.includes('*') || this.#origins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
  }
}
