import type { ClientMessage, Patch } from '../protocol';

/** The two ways to the server. */
export type TransportName = 'sse' | 'ws';

/** What happens on a transport. After `closed` nothing more does. */
export interface TransportListener {
  /** Patches will arrive from now on. */
  opened(): void;
  /** @param cursor position after these patches, `""` where the server gives none */
  received(patches: readonly Patch[], cursor: string): void;
  /** @param hard the server answered, but not with a stream: this transport is not to be had here */
  closed(hard: boolean): void;
}

/** One connection to the server; it is used once and never reconnects by itself. */
export interface Transport {
  /** Resolves when the message was handed over; rejects when it was not, or nobody knows: see RefusedError. */
  send(message: ClientMessage): Promise<void>;
  /** Ends it without a `closed`. */
  close(): void;
}

/** Opens a connection. */
export type OpenTransport = (base: URL, listener: TransportListener) => Transport;
