import type { ClientMessage } from '../protocol';
import { NotSentError } from './not-sent-error';
import { randomId } from './random-id';
import { RefusedError } from './refused-error';
import type { Transport } from './transport';

/** How often an event is sent: one that crashes the server must not do so forever. */
const MAX_SENDS = 10;

interface Entry {
  readonly message: ClientMessage & { readonly eventId: string };
  readonly outcome: PromiseWithResolvers<void>;
  /** How often it was sent without an answer. */
  sends: number;
}

/**
 * The events that the server has not answered yet, in order. Each has an id, by which the server recognizes
 * it when it comes again over the next connection.
 */
export class Outbox {
  readonly #lost: (transport: Transport, error: unknown) => void;
  readonly #entries = new Set<Entry>();
  readonly #underWay = new Set<Promise<void>>();
  #transport: Transport | undefined;
  #isReady = false;

  /** @param lost called when a transport failed to deliver an event, which is kept. */
  constructor(lost: (transport: Transport, error: unknown) => void) {
    this.#lost = lost;
  }

  /** Sends an event. Resolves once the server is done with it, rejects if the server refused it. */
  add(message: ClientMessage): Promise<void> {
    const identified = { ...message, eventId: message.eventId ?? randomId() };
    const entry = { message: identified, outcome: Promise.withResolvers<void>(), sends: 0 };
    this.#entries.add(entry);
    if (this.#isReady && this.#transport !== undefined) this.#send(entry, this.#transport);
    return entry.outcome.promise;
  }

  /**
   * Sends what is waiting and what follows, but not before the events under way on an earlier transport have
   * settled: they can still arrive, and must not be overtaken.
   */
  async use(transport: Transport): Promise<void> {
    this.#transport = transport;
    this.#isReady = false;
    await Promise.all(this.#underWay);
    if (this.#transport !== transport) return;
    this.#isReady = true;
    for (const entry of this.#entries) this.#send(entry, transport);
  }

  /** Stops sending until the next `use`. */
  pause(): void {
    this.#transport = undefined;
    this.#isReady = false;
  }

  #send(entry: Entry, transport: Transport): void {
    const done = this.#deliver(entry, transport).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  async #deliver(entry: Entry, transport: Transport): Promise<void> {
    try {
      await transport.send(entry.message);
      this.#entries.delete(entry);
      entry.outcome.resolve();
    } catch (error) {
      if (!(error instanceof NotSentError)) entry.sends += 1;
      if (error instanceof RefusedError || entry.sends >= MAX_SENDS) {
        this.#entries.delete(entry);
        entry.outcome.reject(error);
      }
      if (!(error instanceof RefusedError)) this.#lost(transport, error);
    }
  }
}
