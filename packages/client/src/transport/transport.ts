import type { ClientMessage } from '../protocol';
import type { Batch } from './read-batch';

/** The two ways to the server. */
export type TransportName = 'sse' | 'ws';

/** What happens on a transport. After `closed` nothing more does. */
export interface TransportListener {
  /** Patches will arrive from now on. */
  opened(): void;
  received(batch: Batch): void;
  /** @param hard the server answered, but not with a stream: this transport is not to be had here */
  closed(hard: boolean): void;
}

/** One connection to the server; it is used once and never reconnects by itself. */
export interface Transport {
  /**
   * Messages arrive in the order of the calls. Resolves when the server is done with the message, or, for one
   * without an `eventId`, may have it; rejects with RefusedError when it does not want it, with another error
   * when nobody knows: then what was to be sent after it is not, and rejects with NotSentError.
   */
  send(message: ClientMessage): Promise<void>;
  /** Ends it without a `closed`. What is under way may still arrive. */
  close(): void;
}

/**
 * Opens a connection.
 *
 * @param cursor where the page stands, `""` for nowhere
 */
export type OpenTransport = (base: URL, cursor: string, listener: TransportListener) => Transport;
