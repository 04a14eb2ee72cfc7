import type { ClientMessage } from '../protocol';
import type { Batch } from './read-batch';

/** How to reach the server: Server-Sent Events and POST, or a WebSocket. */
export type TransportName = 'sse' | 'ws';

/** What a transport calls. Nothing comes after `closed`. */
export interface TransportListener {
  /** Patches arrive from now on. */
  opened(): void;
  /** Patches came. */
  received(batch: Batch): void;
  /**
   * The connection ended.
   *
   * @param hard whether the server answered with something other than a stream: it does not offer this
   *   transport.
   */
  closed(hard: boolean): void;
}

/** One connection to the server. It is used once, and never reconnects by itself. */
export interface Transport {
  /**
   * Sends a message; messages arrive in the order of the calls. Resolves once the server is done with it or,
   * for a message without an `eventId`, once it is sent. Rejects with RefusedError if the server refused it,
   * and with another error if its fate is unknown: then later messages are not sent and reject with
   * NotSentError.
   */
  send(message: ClientMessage): Promise<void>;
  /** Ends the connection without calling `closed`. Messages under way can still arrive. */
  close(): void;
}

/**
 * Opens a connection.
 *
 * @param cursor where to resume; `""` to start afresh.
 */
export type OpenTransport = (base: URL, cursor: string, listener: TransportListener) => Transport;
