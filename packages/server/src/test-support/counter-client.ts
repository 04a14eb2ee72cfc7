import type { Tab } from './tab';
import { openSse, openWs } from './tab';
import { sendEvent } from './send-event';

/** How a client reaches its server. */
export type Way = 'sse' | 'ws';

/** What became of a message. */
type Answer = 'done' | 'lost' | { refused: string };

/**
 * A client that shows counters over connections that break: it sends again what was not answered, and resumes
 * with its cursor.
 */
export class CounterClient {
  /** What its page shows. */
  readonly counts = new Map<string, unknown>();
  /** How often something was sent again. */
  resent = 0;
  readonly #unanswered = new Map<string, (answer: Answer) => void>();
  #cursor = '';
  #tab: Promise<Tab> | undefined;
  #changed = Promise.withResolvers<void>();
  #isClosed = false;

  /** @param server resolves with the address of its server when that is running. */
  constructor(
    private readonly id: string,
    private readonly way: Way,
    private readonly server: () => Promise<string>,
    private readonly instances: readonly string[],
  ) {}

  /** Has an event take effect exactly once, however often it must be sent. */
  async send(event: string, instance: string, eventId: string): Promise<void> {
    const message = {
      type: 'Counter',
      event,
      instance,
      payload: {},
      clientId: this.id,
      eventId,
    };
    for (;;) {
      const answer = await this.#ask(message);
      if (answer === 'done') return;
      this.resent += 1;
      if (answer !== 'lost' && !TRY_AGAIN.test(answer.refused)) throw new Error(answer.refused);
    }
  }

  /** Resolves when the page shows these counts; rejects when one is higher, as it will stay. */
  async shows(expected: ReadonlyMap<string, number>): Promise<void> {
    for (;;) {
      const changed = this.#changed.promise;
      const shown = [...expected].map(
        ([instance, count]) => [count, Number(this.counts.get(instance))] as const,
      );
      if (shown.every(([count, now]) => now === count)) return;
      for (const [count, now] of shown)
        if (now > count) throw new Error(`A counter is ${now}, and not ${count}.`);
      await this.connect();
      await changed;
    }
  }

  /** Ends its connection. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const tab = await this.#tab;
    tab?.close();
    await tab?.ended;
  }

  /** Resolves when it is connected, as it is kept until it is closed. */
  connect(): Promise<Tab> {
    return (this.#tab ??= this.#open().catch((error: unknown) => {
      // Killed between its start and this connection.
      if (!LOST.test(String(error))) throw error;
      this.#tab = undefined;
      return this.connect();
    }));
  }

  async #open(): Promise<Tab> {
    const url = await this.server();
    const path = `/?cursor=${encodeURIComponent(this.#cursor)}`;
    const tab =
      this.way === 'sse'
        ? await openSse(url, this.id, {}, this.#cursor)
        : await openWs(url, { protocols: ['nasc.v2'], path });
    void this.#read(tab);
    for (const instance of this.instances) {
      const mount = { type: 'Counter', event: 'mount', instance, payload: {}, clientId: this.id };
      if (this.way === 'ws') await tab.send(mount);
      else await sendEvent(url, mount).catch(() => tab.close());
    }
    return tab;
  }

  async #read(tab: Tab): Promise<void> {
    void tab.ended.then(() => {
      if (!this.#isClosed) this.#tab = undefined;
      for (const answer of this.#unanswered.values()) answer('lost');
      this.#unanswered.clear();
      this.#notify();
    });
    for (;;) {
      const delivery = await tab.next().catch(() => undefined);
      if (delivery === undefined) return;
      const { patches, cursor, ack, error } = delivery;
      this.#cursor = cursor || this.#cursor;
      for (const patch of patches)
        if (patch.action === 'bindUpdate') this.counts.set(patch.instance, patch.value);
      if (ack !== undefined) {
        this.#unanswered.get(ack)?.(error === undefined ? 'done' : { refused: error });
        this.#unanswered.delete(ack);
      }
      this.#notify();
    }
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #ask(message: { eventId: string }): Promise<Answer> {
    const tab = await this.connect();
    if (this.way === 'sse') {
      try {
        const { status, body } = await sendEvent(await this.server(), message);
        return status === 202 ? 'done' : { refused: JSON.stringify(body) };
      } catch (error) {
        if (LOST.test(String(error))) return 'lost';
        throw error;
      }
    }
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#unanswered.set(message.eventId, resolve);
    if (tab.socket?.readyState !== tab.socket?.OPEN) resolve('lost');
    else await tab.send(message);
    return promise;
  }
}

/** A conflict that ten tries did not resolve, and a database that was busy for long. */
const TRY_AGAIN = /load it again|busy|closing/i;
const LOST = /fetch failed|ECONNREFUSED|ECONNRESET|socket hang up|terminated/;
