/**
 * `events/`: what happens to a message, from its check to its patches: turns, the run of a handler, the
 * commit, and whose fault an error is. Not here: HTTP, SSE and WebSockets (`http/`), who views what
 * (`views/`), what a handler is (`handlers/`), how states are kept (`instances/`).
 */
import { tracingChannel } from 'node:diagnostics_channel';
import type { Patch } from '@nasc/client';
import { instanceKey, type JsonObject } from '@nasc/store-core';
import { checkMessage, type CheckedMessage } from '../handlers/client-message';
import type { Handler, Handlers } from '../handlers/handler';
import { findHandler } from '../handlers/handler-events';
import type { Isolation } from '../handlers/handler-input';
import { runMount } from '../handlers/run-handler';
import type { SchemaCheck } from '../handlers/schema-check';
import { schemaPatches, type Schemas } from '../handlers/schema-provider';
import { Background } from '../instances/background';
import { EventRefused, NotAllowed, messageForClient } from '../instances/engine-error';
import type { InstanceStore, Snapshot } from '../instances/instance-store';
import type { Logger } from '../instances/logger';
import { retryConflicts } from '../instances/retry-conflicts';
import { TurnQueue } from '../instances/turn-queue';
import { Audience } from '../views/audience';
import type { Position } from '../views/cursor';
import { statePatches } from '../views/state-patches';
import type { Viewer } from '../views/viewer';
import { blameFor, type Blame } from './blame';
import { runEvents, type EventOutcome } from './run-events';

/** What a request wants to do with an instance. */
export interface Target {
  /** Type of the instance. */
  type: string;
  /** Its id. */
  id: string;
  /** `mount`, an event's name, `view`, or `schema`. */
  event: string;
}

/** Who sent a message. */
export interface Sender {
  /** Its tabs, asked for when there is something to send to them. */
  viewers(): Iterable<Viewer>;
  /** Whether it may. Asked once per message, answered in the order of the messages. */
  may(target: Target): Promise<boolean>;
}

/** What became of a message. */
export interface Answer {
  /** For its sender; the error if it failed. */
  patches: Patch[];
  /** Why it failed; absent if it succeeded. */
  failure?: { message: string; blame: Blame };
}

/** What an engine is made of. */
export interface EngineParts {
  /** Handlers by type name. */
  readonly handlers: Handlers;
  /** Where the instances are. */
  readonly store: InstanceStore;
  /** Schemas to send on mount. */
  readonly schemas: Schemas;
  /** Must not throw; see `safeLogger`. */
  readonly logger: Logger;
  /** How states are kept apart from what handlers do with them. */
  readonly isolation: Isolation;
  /** Warns about states that do not match their schema; absent in production. */
  readonly schemaCheck: SchemaCheck | undefined;
}

/** The program itself. */
const program: Sender = { viewers: () => [], may: async () => true };

/**
 * Events are traced on `tracing:nasc:event:*` with `{ type, id, event }`, and `{ error }` or `{ result }`.
 */
const tracing = tracingChannel('nasc:event');

/**
 * From message to patches: one event at a time for each instance; what is committed goes to everyone who
 * views the instance. Independent of any transport.
 */
export class Engine {
  /** Never throws. */
  readonly logger: Logger;
  /** The schemas of all types. */
  readonly schemas: Schemas;
  readonly #parts: EngineParts;
  readonly #turns = new TurnQueue();
  readonly #background: Background;
  readonly #audience: Audience;
  #closed = false;

  constructor(parts: EngineParts) {
    const { store, schemas, logger, isolation } = parts;
    this.#parts = parts;
    this.logger = logger;
    this.schemas = schemas;
    this.#background = new Background(this.#turns, (error) => {
      logger.error({ err: error }, 'Work after an event failed; the event itself succeeded.');
    });
    this.#audience = new Audience({
      store,
      turns: this.#turns,
      background: this.#background,
      fromHandler: isolation.fromHandler,
    });
  }

  /**
   * Carry out a message. Never rejects: a failure is an error patch.
   *
   * @param sender gets the patches too, in the order of the commits.
   * @returns the answer, once the commit is durable.
   */
  process(message: unknown, sender: Sender = program): Promise<Answer> {
    const done = this.#process(message, sender);
    this.#background.add(done);
    return done;
  }

  async #process(message: unknown, sender: Sender): Promise<Answer> {
    const started = performance.now();
    let checked: CheckedMessage | undefined;
    try {
      if (this.#closed) throw new EventRefused('The server is closing.');
      const known = (checked = checkMessage(message));
      const { type, instance: id, event } = known;
      const { patches, fields } = await tracing.tracePromise(() => this.#run(known, sender), {
        type,
        id,
        event,
      });
      this.logger.info({ type, id, event, ...fields, ms: performance.now() - started }, 'event');
      return { patches };
    } catch (error) {
      const failure = { message: messageForClient(error), blame: blameFor(error) };
      this.#log(error, failure.blame, checked);
      const patches: Patch[] = [{ action: 'error', message: failure.message }];
      for (const viewer of sender.viewers()) if (await canHear(viewer, error, checked)) viewer.send(patches);
      return { patches, failure };
    }
  }

  /** The state of an instance, or `null`; for pages. */
  async peek(type: string, id: string): Promise<JsonObject | null> {
    return (await this.#parts.store.load(type, id))?.state ?? null;
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Start watching for commits by other processes. Call once, before there are viewers. */
  watch(): void {
    this.#audience.watch((error) => {
      this.logger.error({ err: error }, 'The store cannot be watched: commits by other processes go unseen.');
    });
  }

  /** Continue from where a viewer was cut off; see `readCursor`. */
  resume(viewer: Viewer, positions: readonly Position[]): void {
    const known = positions.filter(({ type }) => findHandler(this.#parts.handlers, type) !== undefined);
    this.#background.run(() => this.#audience.resume(viewer, known));
  }

  /** End the views of those who have lost the right to them. */
  recheckViews(): Promise<void> {
    return this.#audience.recheck();
  }

  /** The viewer's connection is gone. */
  leave(viewer: Viewer): void {
    this.#audience.leave(viewer);
  }

  /** Let events in flight settle; refuse later ones. The store stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#background.idle();
    await this.#audience.unwatch();
    await this.#background.idle();
  }

  async #run(message: CheckedMessage, sender: Sender): Promise<{ patches: Patch[]; fields: object }> {
    const handler = findHandler(this.#parts.handlers, message.type);
    if (handler === undefined) throw new EventRefused(`Unknown handler for type '${message.type}'`);
    const { type, instance: id, event } = message;
    if (!(await sender.may({ type, id, event }))) throw new NotAllowed('Not allowed.');
    await this.#audience.watched();
    if (event === 'mount') return this.#mount(message, handler, sender);
    const runner = { store: this.#parts.store, toHandler: this.#parts.isolation.toHandler };
    const outcome = await this.#turns.run(instanceKey(type, id), async () => {
      const done = await runEvents(runner, handler, message, this.#audience.snapshot(type, id));
      await this.#publish(done, sender, { type, id });
      const [own] = done.publications;
      if (own?.state) await this.#parts.schemaCheck?.check(type, id, own.state, done.changed);
      return done;
    });
    for (const effect of outcome.effects) this.#background.run(effect);
    const { patches, publications, changed } = outcome;
    return { patches, fields: { changed, rev: publications[0]?.version.rev } };
  }

  async #mount(
    { type, instance: id, payload }: CheckedMessage,
    handler: Handler,
    sender: Sender,
  ): Promise<{ patches: Patch[]; fields: object }> {
    return this.#turns.run(instanceKey(type, id), async () => {
      const create = async (): Promise<Snapshot> => {
        const state = await runMount(handler, type, id, payload);
        const first = { type, id, diff: state, full: state, previous: null, ifRev: 0 };
        const { versions } = await this.#parts.store.commit([first]);
        return { state, version: versions[0] ?? { epoch: '', rev: 0 } };
      };
      const loadOrCreate = async () => (await this.#parts.store.load(type, id)) ?? (await create());
      const { state, version } = await retryConflicts(loadOrCreate);
      const schemas = await this.#schemaPatches(type, id);
      const patches: Patch[] = [...schemas, ...statePatches(type, id, state)];
      await this.#audience.enter(sender.viewers(), { type, id, state, version }, patches, schemas);
      await this.#parts.schemaCheck?.check(type, id, state, Object.keys(state));
      return { patches, fields: { rev: version.rev } };
    });
  }

  /** Never rejects: the event is done and must not be reported as failed. */
  async #publish(outcome: EventOutcome, sender: Sender, place: { type: string; id: string }): Promise<void> {
    try {
      await this.#audience.publish(outcome, sender.viewers());
    } catch (error) {
      this.logger.error({ ...place, err: error }, 'The patches of an event could not be sent.');
    }
  }

  async #schemaPatches(type: string, id: string): Promise<Patch[]> {
    try {
      return await schemaPatches(this.schemas, type, id);
    } catch (error) {
      this.logger.error({ type, err: error }, 'schemaProvider failed; mounting without a schema.');
      return [];
    }
  }

  #log(error: unknown, blame: Blame, message: CheckedMessage | undefined): void {
    const fields = { type: message?.type, id: message?.instance, event: message?.event, err: error };
    if (blame === 'sender') this.logger.warn(fields, 'event refused');
    else this.logger.error(fields, 'event failed');
  }
}

/**
 * Whether a viewer can be told about a failure. What was refused before the instance was touched can go to
 * every tab with the client id; other errors could reveal something about the instance.
 */
async function canHear(
  viewer: Viewer,
  error: unknown,
  message: CheckedMessage | undefined,
): Promise<boolean> {
  if (message === undefined || error instanceof NotAllowed) return true;
  return viewer.mayView(message.type, message.instance);
}
