import { tracingChannel } from 'node:diagnostics_channel';
import type { Patch } from '@nasc/client';
import { instanceKey, type JsonObject } from '@nasc/store-core';
import { Audience } from '../views/audience';
import { Background } from '../instances/background';
import { blameFor, type Blame } from './blame';
import { checkMessage, type CheckedMessage } from '../handlers/client-message';
import type { Position } from '../views/cursor';
import { EventRefused, NotAllowed, messageForClient } from '../instances/engine-error';
import type { Handler, Handlers } from '../handlers/handler';
import { findHandler } from '../handlers/handler-events';
import { crossing, type Crossing, type HandlerInput } from '../handlers/handler-input';
import { instanceStore, type InstanceStore, type Snapshot } from '../instances/instance-store';
import { errorsToConsole, safeLogger, type Logger } from '../instances/logger';
import { storeOf, type AnyStore } from '../instances/map-store';
import { retryConflicts } from '../instances/retry-conflicts';
import { runEvents, type EventOutcome } from './run-events';
import { runMount } from '../handlers/run-handler';
import { SchemaCheck } from '../handlers/schema-check';
import { schemaPatches, schemasOf, type SchemaProvider, type Schemas } from '../handlers/schema-provider';
import { statePatches } from '../views/state-patches';
import { TurnQueue } from '../instances/turn-queue';
import type { Viewer } from '../views/viewer';

/** Options of `createProcessor`. */
export interface ProcessorOptions {
  /**
   * Schemas to send on mount, before the values. Unless `NODE_ENV` is `production`, the log warns of states
   * that do not fit.
   */
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

/** What became of a message. */
export interface Answer {
  /** For its sender; the error when it was not done. */
  patches: Patch[];
  /** Why it was not done; absent when it was. */
  failure?: { message: string; blame: Blame };
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
  readonly #give: Crossing['give'];
  readonly #turns = new TurnQueue();
  readonly #background: Background;
  readonly #audience: Audience;
  readonly #check: SchemaCheck | undefined;
  #closed = false;

  /** Takes what was checked: see `check-options.ts`. */
  constructor(
    handlers: Handlers,
    store: AnyStore,
    { schemaProvider, logger = errorsToConsole, handlerInput }: ProcessorOptions,
  ) {
    this.handlers = handlers;
    this.schemas = schemasOf(schemaProvider);
    this.logger = safeLogger(logger);
    this.store = instanceStore(storeOf(store));
    const checks = schemaProvider !== undefined && process.env['NODE_ENV'] !== 'production';
    if (checks) this.#check = new SchemaCheck(this.schemas, this.logger);
    const chosen = crossing(handlerInput);
    // A store of two methods may hand out the very objects that it keeps.
    const { give, keep } = this.store.checksRevs ? chosen : crossing('copy');
    this.#give = give;
    this.#background = new Background(this.#turns, (error) => {
      this.logger.error({ err: error }, 'Work after an event failed; the event is done.');
    });
    this.#audience = new Audience({
      store: this.store,
      turns: this.#turns,
      background: this.#background,
      keep,
    });
  }

  /**
   * Do what a message asks for. Never rejects: what goes wrong is an error patch.
   *
   * @param sender gets the patches too, in the order of the commits.
   * @returns the answer, when the commit is durable.
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
      for (const viewer of sender.viewers()) if (await mayHear(viewer, error, checked)) viewer.tell(patches);
      return { patches, failure };
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
    this.#audience.watch((error) => {
      this.logger.error({ err: error }, 'The store cannot be watched: changes of others stay unseen.');
    });
  }

  /** Go on with what a viewer had before it was cut off; see `readCursor`. */
  resume(viewer: Viewer, positions: readonly Position[]): void {
    const known = positions.filter(({ type }) => findHandler(this.handlers, type) !== undefined);
    this.#background.run(() => this.#audience.resume(viewer, known));
  }

  /** End the views of those who may not have them any more. */
  recheckViews(): Promise<void> {
    return this.#audience.recheck();
  }

  /** The viewer's connection is gone. */
  leave(viewer: Viewer): void {
    this.#audience.leave(viewer);
  }

  /** Let events in flight settle; later ones are refused. The store stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#background.idle();
    await this.#audience.unwatch();
    await this.#background.idle();
  }

  async #run(message: CheckedMessage, sender: Sender): Promise<{ patches: Patch[]; fields: object }> {
    const handler = findHandler(this.handlers, message.type);
    if (handler === undefined) throw new EventRefused(`Unknown handler for type '${message.type}'`);
    const { type, instance: id, event } = message;
    if (!(await sender.may({ type, id, event }))) throw new NotAllowed('Not allowed.');
    await this.#audience.watched();
    if (event === 'mount') return this.#mount(message, handler, sender);
    const runner = { store: this.store, give: this.#give };
    const outcome = await this.#turns.run(instanceKey(type, id), async () => {
      const done = await runEvents(runner, handler, message, this.#audience.snapshot(type, id));
      await this.#tell(done, sender, { type, id });
      const [own] = done.publications;
      if (own?.state) await this.#check?.check(type, id, own.state, done.changed);
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
        const { versions } = await this.store.commit([first]);
        return { state, version: versions[0] ?? { epoch: '', rev: 0 } };
      };
      const loadOrCreate = async () => (await this.store.load(type, id)) ?? (await create());
      const { state, version } = await retryConflicts(loadOrCreate);
      const schemas = await this.#schemaPatches(type, id);
      const patches: Patch[] = [...schemas, ...statePatches(type, id, state)];
      await this.#audience.enter(sender.viewers(), { type, id, state, version }, patches, schemas);
      await this.#check?.check(type, id, state, Object.keys(state));
      return { patches, fields: { rev: version.rev } };
    });
  }

  /** The event is done and must not be reported as failed. */
  async #tell(outcome: EventOutcome, sender: Sender, place: { type: string; id: string }): Promise<void> {
    try {
      await this.#audience.tell(outcome, sender.viewers());
    } catch (error) {
      this.logger.error({ ...place, err: error }, 'Patches could not be sent.');
    }
  }

  async #schemaPatches(type: string, id: string): Promise<Patch[]> {
    try {
      return await schemaPatches(this.schemas, type, id);
    } catch (error) {
      this.logger.error({ type, err: error }, 'The schemaProvider failed; mounted without a schema.');
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
