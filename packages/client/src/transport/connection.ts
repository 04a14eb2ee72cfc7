import type { ClientMessage, Patch } from '../protocol';
import { RefusedError } from './refused-error';
import { openSseTransport } from './sse-transport';
import type { OpenTransport, Transport, TransportName } from './transport';
import { openWsTransport } from './ws-transport';

/** How the page stands to the server; `offline` from the end of a connection to the next that opens. */
export type ConnectionStatus = 'connecting' | 'online' | 'offline';

/** What {@link Connection} tells. */
export interface ConnectionListener {
  /** What to send first on each connection: the mounts. */
  greeting(): readonly ClientMessage[];
  received(patches: readonly Patch[]): void;
  changed(status: ConnectionStatus): void;
}

interface Waiting {
  readonly message: ClientMessage;
  readonly settle: (outcome: Promise<void>) => void;
}

const OPEN: Record<TransportName, OpenTransport> = { sse: openSseTransport, ws: openWsTransport };
const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;

/**
 * A connection that lasts: it opens a transport, opens the next after the last has closed, with growing and
 * jittered pauses, and holds what is sent in between until the server is there again.
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
  #waiting: Waiting[] = [];

  constructor(base: URL, name: TransportName, listener: ConnectionListener) {
    this.#base = base;
    this.#name = name;
    this.#listener = listener;
    this.#mayFallBack = name === 'sse';
  }

  /** Connects now, also when it was going to wait. */
  open(): void {
    clearTimeout(this.#timer);
    if (this.#transport !== undefined) return;
    if (this.#failures === 0) this.#listener.changed('connecting');
    this.#transport = OPEN[this.#name](this.#base, {
      opened: () => this.#opened(),
      received: (patches) => {
        this.#failures = 0;
        this.#listener.received(patches);
      },
      closed: (hard) => this.#closed(hard),
    });
  }

  /** Disconnects; `open` connects again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#transport?.close();
    this.#transport = undefined;
    this.#isOpen = false;
  }

  /** Sends a message, as soon as there is a connection; in the order of the calls. */
  send(message: ClientMessage): Promise<void> {
    if (this.#isOpen && this.#transport !== undefined) return this.#transport.send(message);
    return new Promise((resolve) => this.#waiting.push({ message, settle: resolve }));
  }

  #opened(): void {
    const transport = this.#transport;
    if (transport === undefined) return;
    this.#isOpen = true;
    this.#listener.changed('online');
    for (const message of this.#listener.greeting()) {
      transport.send(message).catch((error: unknown) => this.#dropped(transport, error));
    }
    for (const { message, settle } of this.#waiting.splice(0)) settle(transport.send(message));
  }

  /** A page without its mount would stay empty: start again, unless the server does not want it. */
  #dropped(transport: Transport, error: unknown): void {
    if (error instanceof RefusedError) {
      console.error('[nasc] A mount was refused.', error);
      return;
    }
    if (transport !== this.#transport) return;
    console.warn('[nasc] The mount did not reach the server; connecting again.', error);
    transport.close();
    this.#closed(false);
  }

  #closed(hard: boolean): void {
    const wasOpen = this.#isOpen;
    this.#transport = undefined;
    this.#isOpen = false;
    if (this.#mayFallBack && (hard || (this.#name === 'ws' && !wasOpen))) {
      this.#name = this.#name === 'sse' ? 'ws' : 'sse';
    }
    this.#listener.changed('offline');
    const delay = Math.min(FIRST_DELAY * 2 ** this.#failures, LONGEST_DELAY) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.open(), delay);
  }
}
