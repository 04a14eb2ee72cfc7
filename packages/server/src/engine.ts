import { tracingChannel } from 'node:diagnostics_channel';
import type { Patch } from '@nasc/client';
import { instanceKey, type Hint, type JsonObject } from '@nasc/store-core';
import { Channels, type Publication } from './channels';
import { checkMessage, type CheckedMessage } from './client-message';
import type { Position } from './cursor';
import { EventRefused, NotAllowed, isRefusal, messageForClient } from './event-refused';
import type { Handler, Handlers } from './handler';
import { findHandler } from './handler-events';
import { crossing, type Crossing, type HandlerInput } from './handler-input';
import { instanceStore, type InstanceStore, type Snapshot } from './instance-store';
import { errorsToConsole, type Logger } from './logger';
import { storeOf, type AnyStore } from './map-store';
import { retryConflicts } from './retry-conflicts';
import { runEvents, type EventOutcome } from './run-events';
import { runMount } from './run-handler';
import { schemaPatches, schemasOf, type SchemaProvider, type Schemas } from './schema-provider';
import { statePatches } from './state-patches';
import { TurnQueue } from './turn-queue';
import type { Viewer } from './viewer';
import { visiblePatches } from './visible-patches';

/** Options of `createProcessor`. */
export interface ProcessorOptions {
  /** Schemas to send on mount, before the values. */
  schemaProvider?: SchemaProvider | undefined;
  /** Default: errors to the console, nothing else. */
  logger?: Logger | undefined;
  /** Whether handlers may change the state that they get. Default `copy`: they may. Versioned stores only. */
  handlerInput?: HandlerInput | undefined;
}

/** What one asks to do with an instance; `event` is `mount`, an event's name, or `view`. */
export interface Target {
  type: string;
  id: string;
  event: string;
}

/** Who sent a message. */
export interface Sender {
  /** Its tabs, asked when there is something to send to them. */
  viewers(): Iterable<Viewer>;
  /** Whether it may. Asked once per message, answered in the order of the messages. */
  may(target: Target): Promise<boolean>;
}

/** The program itself. */
const program: Sender = { viewers: () => [], may: async () => true };

/** Events are traced on `tracing:nasc:event:*` with `{ type, id, event }`, and `{ error }` or `{ result }`. */
const tracing = tracingChannel('nasc:event');

/**
 * From message to patches: one event at a time for each instance; what is committed goes to all who
 * view the instance. Knows no transport.
 */
export class Engine {
  readonly handlers: Handlers;
  readonly schemas: Schemas;
  readonly logger: Logger;
  readonly store: InstanceStore;
  readonly #channels: Channels;
  readonly #crossing: Crossing;
  readonly #turns = new TurnQueue();
  #watching: Promise<void | (() => Promise<void>)> | undefined;
  readonly #inFlight = new Set<Promise<unknown>>();
  #closed = false;

  /** @throws TypeError when handlers, store or an option are not what they should be. */
  constructor(
    handlers: Handlers,
    store: AnyStore,
    { schemaProvider, logger = errorsToConsole, handlerInput }: ProcessorOptions,
  ) {
    if (typeof handlers !== 'object' || handlers === null) {
      throw new TypeError('handlers must be an object: a handler for each type.');
    }
    this.handlers = handlers;
    this.schemas = schemasOf(schemaProvider);
    this.logger = logger;
    this.store = instanceStore(storeOf(store));
    const states = crossing(handlerInput);
    // A store of two methods may hand out the very objects that it keeps.
    this.#crossing = this.store.checksRevs ? states : crossing('copy');
    this.#channels = new Channels(this.#crossing.keep);
  }

  /**
   * Do what a message asks for. Never rejects: what goes wrong is an error patch.
   *
   * @param sender gets the patches too, in the order of the commits.
   * @returns the patches, when the commit is durable.
   */
  process(message: unknown, sender: Sender = program): Promise<Patch[]> {
    const done = this.#process(message, sender);
    this.#inFlight.add(done);
    return done.finally(() => this.#inFlight.delete(done));
  }

  async #process(message: unknown, sender: Sender): Promise<Patch[]> {
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
      return patches;
    } catch (error) {
      this.#log(error, checked);
      const patches: Patch[] = [{ action: 'error', message: messageForClient(error) }];
      for (const viewer of sender.viewers()) if (await mayHear(viewer, error, checked)) viewer.tell(patches);
      return patches;
    }
  }

  /** The state of an instance, or `null`; for pages. */
  async peek(type: string, id: string): Promise<JsonObject | null> {
    return (await this.store.load(type, id))?.state ?? null;
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Learn of commits of others. Call once, before there are viewers. */
  watch(): void {
    this.#watching ??= this.store
      .watch?.((hint) => this.#onHint(hint))
      .catch((error: unknown) => {
        this.logger.error(
          { err: error },
          'The store cannot be watched: changes of other processes stay unseen.',
        );
      });
  }

  /** Go on with what a viewer had before it was cut off: whole states, where they have changed. */
  async resume(viewer: Viewer, positions: readonly Position[]): Promise<void> {
    await this.#watching;
    const resumed = positions.map(({ type, id, epoch, rev }) =>
      this.#inTurn(type, id, async () => {
        if (findHandler(this.handlers, type) === undefined || !(await viewer.mayView(type, id))) return;
        const now = await this.store.load(type, id);
        if (now === null) return;
        const isUnchanged = now.version.epoch === epoch && now.version.rev === rev;
        this.#channels.publish({ type, id, ...now });
        this.#channels.join(
          viewer,
          { type, id, ...now },
          isUnchanged ? [] : statePatches(type, id, now.state),
        );
      }),
    );
    for (const { status, reason } of await Promise.allSettled(resumed).then((all) =>
      all.filter(isRejected),
    )) {
      this.logger.error({ status, err: reason as unknown }, 'An instance could not be resumed.');
    }
  }

  /** The viewer's connection is gone. */
  leave(viewer: Viewer): void {
    this.#channels.leave(viewer);
  }

  /** Let events in flight settle; later ones are refused. The store stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
    await this.#turns.idle();
    const unwatch = await this.#watching;
    await unwatch?.();
  }

  async #run(message: CheckedMessage, sender: Sender): Promise<{ patches: Patch[]; fields: object }> {
    const handler = findHandler(this.handlers, message.type);
    if (handler === undefined) throw new EventRefused(`Unknown handler for type '${message.type}'`);
    const { type, instance: id, event } = message;
    if (!(await sender.may({ type, id, event }))) throw new NotAllowed('Not allowed.');
    await this.#watching;
    if (message.event === 'mount') return this.#mount(message, handler, sender);
    const runner = { store: this.store, give: this.#crossing.give };
    const outcome = await this.#inTurn(message.type, message.instance, async () => {
      const done = await runEvents(runner, handler, message, this.#channels.snapshot(type, id));
      await this.#publish(done, sender);
      return done;
    });
    for (const effect of outcome.effects) this.#inBackground(effect, 'A ctx.afterCommit effect failed.');
    const { patches, publications, changed } = outcome;
    return { patches, fields: { changed, rev: publications[0]?.version.rev } };
  }

  async #mount(
    { type, instance: id, payload }: CheckedMessage,
    handler: Handler,
    sender: Sender,
  ): Promise<{ patches: Patch[]; fields: object }> {
    return this.#inTurn(type, id, async () => {
      const create = async (): Promise<Snapshot> => {
        const state = await runMount(handler, type, id, payload);
        const { versions } = await this.store.commit([
          { type, id, diff: state, full: state, previous: null, ifRev: 0 },
        ]);
        return { state, version: versions[0] ?? { epoch: '', rev: 0 } };
      };
      const loadOrCreate = async () => (await this.store.load(type, id)) ?? (await create());
      const { state, version } = await retryConflicts(loadOrCreate);
      const patches: Patch[] = [...(await this.#schemaPatches(type, id)), ...statePatches(type, id, state)];
      const publication = { type, id, state, version };
      this.#channels.publish(publication);
      await this.#join(sender.viewers(), publication, patches);
      return { patches, fields: { rev: version.rev } };
    });
  }

  /** A tab is let in for its own sake: its client id may be that of another. */
  async #join(viewers: Iterable<Viewer>, publication: Publication, patches: readonly Patch[]): Promise<void> {
    const { type, id } = publication;
    const asked = [...viewers].map(async (viewer) => ((await viewer.mayView(type, id)) ? [viewer] : []));
    for (const viewer of (await Promise.all(asked)).flat()) this.#channels.join(viewer, publication, patches);
  }

  /** In the own instance's turn; the others' viewers are told in the turns of those. */
  async #publish({ publications: [own, ...others], patches }: EventOutcome, sender: Sender): Promise<void> {
    for (const other of others) {
      const publish = async (): Promise<void> => this.#channels.publish(other);
      this.#inBackground(() => this.#inTurn(other.type, other.id, publish), 'Patches could not be sent.');
    }
    try {
      if (own !== undefined) this.#channels.publish(own);
      for (const viewer of sender.viewers()) {
        const rest = patches.filter((patch) => !this.#getsAnyway(viewer, patch));
        viewer.tell(await visiblePatches(viewer, rest));
      }
    } catch (error) {
      // The event is done and must not be reported as failed.
      this.logger.error({ type: own?.type, id: own?.id, err: error }, 'Patches could not be sent.');
    }
  }

  /** Work that nobody waits for but `close`; it belongs to no turn though it is started in one. */
  #inBackground(work: () => unknown, failure: string): void {
    const done = this.#turns
      .outside(async () => work())
      .catch((error: unknown) => {
        this.logger.error({ err: error }, failure);
      });
    this.#inFlight.add(done);
    void done.finally(() => this.#inFlight.delete(done));
  }

  #getsAnyway(viewer: Viewer, patch: Patch): boolean {
    return 'instance' in patch && this.#channels.isViewing(viewer, patch.type, patch.instance);
  }

  #onHint({ type, id, rev, removed }: Hint): void {
    // A mount under way may have loaded what was before, and view it in a moment.
    const concerns =
      this.#channels.snapshot(type, id)?.version !== undefined || this.#turns.isBusy(instanceKey(type, id));
    if (!concerns || this.#closed) return;
    const refresh = async (): Promise<void> => {
      const version = this.#channels.snapshot(type, id)?.version;
      if (version === undefined || version.rev >= rev) return;
      const now = await this.store.load(type, id);
      if (now !== null) this.#channels.publish({ type, id, ...now });
      else if (removed) this.#channels.publish({ type, id, state: null, version: { ...version, rev } });
    };
    this.#inBackground(() => this.#inTurn(type, id, refresh), 'A change by others could not be loaded.');
  }

  #inTurn<T>(type: string, id: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.run(instanceKey(type, id), work);
  }

  async #schemaPatches(type: string, id: string): Promise<Patch[]> {
    try {
      return await schemaPatches(this.schemas, type, id);
    } catch (error) {
      this.logger.error({ type, err: error }, 'The schemaProvider failed; mounted without a schema.');
      return [];
    }
  }

  #log(error: unknown, message: CheckedMessage | undefined): void {
    const fields = { type: message?.type, id: message?.instance, event: message?.event, err: error };
    if (isRefusal(error)) this.logger.warn(fields, 'event refused');
    else this.logger.error(fields, 'event failed');
  }
}

function isRejected(result: PromiseSettledResult<unknown>): result is PromiseRejectedResult {
  return result.status === 'rejected';
}

/**
 * What was refused before anything was looked at may be told to every tab that came with the client id;
 * the rest may say something of the instance.
 */
async function mayHear(
  viewer: Viewer,
  error: unknown,
  message: CheckedMessage | undefined,
): Promise<boolean> {
  if (message === undefined || error instanceof NotAllowed) return true;
  return viewer.mayView(message.type, message.instance);
}
