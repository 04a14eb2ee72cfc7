/**
 * `transport/`: how messages and patches travel: one connection that lasts, over SSE or WebSocket. Not here:
 * what patches do to the page (`dom/`).
 */
import type { ClientMessage, Patch, WholeInstance } from '../protocol';
import { Outbox } from './outbox';
import { RefusedError } from './refused-error';
import { openSseTransport } from './sse-transport';
import type { OpenTransport, Transport, TransportName } from './transport';
import { openWsTransport } from './ws-transport';

/** Whether the page is connected: `offline` from the end of a connection until the next one opens. */
export type ConnectionStatus = 'connecting' | 'online' | 'offline';

/** What a {@link Connection} calls. */
export interface ConnectionListener {
  /** Returns what to send first on each connection: the mounts. */
  greeting(): readonly ClientMessage[];
  /**
   * Patches came.
   *
   * @param whole the instance whose whole state they are, if so.
   */
  received(patches: readonly Patch[], whole: WholeInstance | undefined): void;
  /** The status changed. */
  changed(status: ConnectionStatus): void;
}

const OPEN: Record<TransportName, OpenTransport> = { sse: openSseTransport, ws: openWsTransport };
const FIRST_DELAY = 250;
const MAX_DELAY = 10_000;

/**
 * A connection that lasts. It opens a transport, and another one after the last has closed, with growing and
 * jittered delays; resumes where the last one ended; and keeps events until the server is done with them.
 */
export class Connection {
  readonly #base: URL;
  readonly #listener: ConnectionListener;
  readonly #mayFallBack: boolean;
  #name: TransportName;
  #transport: Transport | undefined;
  #isOpen = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #cursor = '';
  readonly #outbox = new Outbox((transport, error) => this.#dropped(transport, error));

  constructor(base: URL, name: TransportName, listener: ConnectionListener) {
    this.#base = base;
    this.#name = name;
    this.#listener = listener;
    this.#mayFallBack = name === 'sse';
  }

  /** Connects now, even if it was going to wait. */
  open(): void {
    clearTimeout(this.#timer);
    if (this.#transport !== undefined) return;
    if (this.#failures === 0) this.#listener.changed('connecting');
    this.#transport = OPEN[this.#name](this.#base, this.#cursor, {
      opened: () => this.#opened(),
      received: ({ patches, whole, cursor }) => {
        this.#failures = 0;
        this.#cursor = cursor || this.#cursor;
        this.#listener.received(patches, whole);
      },
      closed: (hard) => this.#closed(hard),
    });
  }

  /** Disconnects until the next `open`. */
  close(): void {
    clearTimeout(this.#timer);
    this.#transport?.close();
    this.#transport = undefined;
    this.#isOpen = false;
    this.#outbox.pause();
  }

  /**
   * Sends an event as soon as there is a connection, in the order of the calls, and again if the connection
   * ended before the server answered. Resolves once the server is done with it; rejects if the server refused
   * it.
   */
  send(message: ClientMessage): Promise<void> {
    return this.#outbox.add(message);
  }

  #opened(): void {
    const transport = this.#transport;
    if (transport === undefined) return;
    this.#isOpen = true;
    this.#listener.changed('online');
    for (const message of this.#listener.greeting()) {
      transport.send(message).catch((error: unknown) => this.#mountFailed(transport, error));
    }
    void this.#outbox.use(transport);
  }

  #mountFailed(transport: Transport, error: unknown): void {
    if (error instanceof RefusedError) console.error('[nasc] A mount was refused.', error);
    else this.#dropped(transport, error);
  }

  /** Start again: without its mount a page would stay empty, and an event without its answer is not done. */
  #dropped(transport: Transport, error: unknown): void {
    if (transport !== this.#transport) return;
    console.warn('[nasc] A message did not reach the server; connecting again.', error);
    transport.close();
    this.#closed(false);
  }

  #closed(hard: boolean): void {
    const wasOpen = this.#isOpen;
    this.#transport = undefined;
    this.#isOpen = false;
    this.#outbox.pause();
    if (this.#mayFallBack && (hard || (this.#name === 'ws' && !wasOpen))) {
      this.#name = this.#name === 'sse' ? 'ws' : 'sse';
    }
    this.#listener.changed('offline');
    const delay = Math.min(FIRST_DELAY * 2 ** this.#failures, MAX_DELAY) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.open(), delay);
  }
}
