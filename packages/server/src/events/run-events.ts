import type { Patch } from '@nasc/client';
import { isStoreError } from '@nasc/store-core';
import type { Announcement } from '../views/audience';
import type { CheckedMessage } from '../handlers/client-message';
import { commitOnce, wasCommitted } from './commit-once';
import { EventRefused, HandlerFailed } from '../instances/engine-error';
import { eventKey } from './event-key';
import type { Handler } from '../handlers/handler';
import type { Isolation } from '../handlers/handler-input';
import type { InstanceStore, Snapshot } from '../instances/instance-store';
import { retryConflicts } from '../instances/retry-conflicts';
import { runEvent } from '../handlers/run-handler';
import { diffPatches, statePatches } from '../views/state-patches';
import { UnitOfWork } from '../handlers/unit-of-work';

/** What an event did. A duplicate has no publications, and the whole state as its patches. */
export interface EventOutcome extends Announcement {
  /** What changed, for its sender. */
  patches: Patch[];
  /** What to call now that the commit is durable. */
  effects: readonly (() => unknown)[];
  /** Names of the properties of the event's own instance that changed. */
  changed: string[];
}

/** What an engine runs its events with. */
export interface EventRunner {
  /** Where the instances are. */
  store: InstanceStore;
  /** What a handler gets for a state. */
  toHandler: Isolation['toHandler'];
}

/**
 * Load, run, commit; run again on a conflict, unless the handler has `onConflict: 'reject'`. An event that
 * was committed before is a duplicate, even if its handler now refuses it.
 *
 * @param known the last known state, which saves the load. If it is stale, the commit is refused; and since
 *   the handler could have refused the event only because the state was stale, that is run again too.
 * @throws EventRefused, HandlerFailed, StoreFailed, StoreError: nothing was written, except with
 *   `STORE_UNCERTAIN` and whatever a two-method store throws.
 */
export async function runEvents(
  runner: EventRunner,
  handler: Handler,
  message: CheckedMessage,
  known: Snapshot | undefined,
): Promise<EventOutcome> {
  const { type, instance: id } = message;
  try {
    return await untilCommitted(runner, handler, message, known);
  } catch (error) {
    if (!(await wasCommitted(runner.store, eventKey(message), error))) throw error;
    return duplicateOutcome(runner.store, type, id);
  }
}

async function untilCommitted(
  runner: EventRunner,
  handler: Handler,
  message: CheckedMessage,
  known: Snapshot | undefined,
): Promise<EventOutcome> {
  const { type, instance: id } = message;
  if (known !== undefined && runner.store.supportsConditionalWrites) {
    try {
      return await attempt(runner, handler, message, known);
    } catch (error) {
      if (!couldBeStale(error)) throw error;
    }
  }
  const rejects = 'onConflict' in handler && handler.onConflict === 'reject';
  const reloaded = async (): Promise<EventOutcome> =>
    attempt(runner, handler, message, await runner.store.load(type, id));
  return retryConflicts(reloaded, rejects ? 1 : undefined);
}

/** Whether an event could have failed only because the state it ran on was stale. */
function couldBeStale(error: unknown): boolean {
  return (
    isStoreError(error, 'STORE_CONFLICT') || error instanceof HandlerFailed || error instanceof EventRefused
  );
}

async function attempt(
  { store, toHandler }: EventRunner,
  handler: Handler,
  message: CheckedMessage,
  current: Snapshot | null,
): Promise<EventOutcome> {
  const { type, instance: id, event, payload } = message;
  if (current === null) throw new EventRefused(`Instance ${id} not mounted.`);
  const unit = new UnitOfWork(store, type, id, event);
  const next = await runEvent(handler, payload, toHandler(current.state), unit);
  const changes = await unit.changes(current, next);
  const { duplicate, versions } = await commitOnce(store, changes, eventKey(message));
  if (duplicate) return duplicateOutcome(store, type, id);
  const patches = changes.map((change) =>
    diffPatches(change.type, change.id, change.diff, change.previous ?? {}),
  );
  const publications = changes.map((change, i) => ({
    type: change.type,
    id: change.id,
    state: change.full,
    version: versions[i] ?? current.version,
    ...(i === 0 ? { since: current.version, patches: patches[0] ?? [] } : {}),
  }));
  return {
    patches: patches.flat(),
    publications,
    effects: unit.effects,
    changed: Object.keys(changes[0].diff),
  };
}

/** The sender could have missed the patches the first time: it gets the current state. */
async function duplicateOutcome(store: InstanceStore, type: string, id: string): Promise<EventOutcome> {
  const now = await store.load(type, id);
  return { patches: statePatches(type, id, now?.state ?? {}), publications: [], effects: [], changed: [] };
}
