import type { Patch } from '@nasc/client';
import { isStoreError } from '@nasc/store-core';
import type { Publication } from '../views/channels';
import type { CheckedMessage } from '../handlers/client-message';
import { commitOnce, wasCommitted } from './commit-once';
import { EventRefused, HandlerFailed } from '../instances/engine-error';
import { eventKey } from './event-key';
import type { Handler } from '../handlers/handler';
import type { Crossing } from '../handlers/handler-input';
import type { InstanceStore, Snapshot } from '../instances/instance-store';
import { retryConflicts } from '../instances/retry-conflicts';
import { runEvent } from '../handlers/run-handler';
import { diffPatches, statePatches } from '../views/state-patches';
import { UnitOfWork } from '../handlers/unit-of-work';

/** What an event did. */
export interface EventOutcome {
  /** What changed, for its sender; the whole state when the event was a duplicate. */
  patches: Patch[];
  /** The instances that were written, the event's own first; none when the event was a duplicate. */
  publications: Publication[];
  /** What to do now that the commit is durable. */
  effects: readonly (() => unknown)[];
  /** Names of the own instance's properties that changed. */
  changed: string[];
}

/** What events of one engine are run with. */
export interface EventRunner {
  store: InstanceStore;
  /** What a handler gets of a state. */
  give: Crossing['give'];
}

/**
 * Load, run, commit; again on a conflict, unless the handler says `onConflict: 'reject'`. An event that was
 * committed before is a duplicate, also when its handler now refuses what it did then.
 *
 * @param known the state as it probably is, which saves the load: where it was not, the commit is
 *   refused. What the handler refuses on it may have been for its age, so that is run again too.
 * @throws EventRefused, HandlerFailed, StoreFailed, StoreError: nothing was written, save with
 *   `STORE_UNCERTAIN` and what a two-method store throws.
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
    if (!(await wasCommitted(runner.store, { type, id }, eventKey(message), error))) throw error;
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
  if (known !== undefined && runner.store.checksRevs) {
    try {
      return await attempt(runner, handler, message, known);
    } catch (error) {
      if (!mayBeOfAge(error)) throw error;
    }
  }
  const rejects = 'onConflict' in handler && handler.onConflict === 'reject';
  const reloaded = async (): Promise<EventOutcome> =>
    attempt(runner, handler, message, await runner.store.load(type, id));
  return retryConflicts(reloaded, rejects ? 1 : undefined);
}

function mayBeOfAge(error: unknown): boolean {
  return (
    isStoreError(error, 'STORE_CONFLICT') || error instanceof HandlerFailed || error instanceof EventRefused
  );
}

async function attempt(
  { store, give }: EventRunner,
  handler: Handler,
  message: CheckedMessage,
  current: Snapshot | null,
): Promise<EventOutcome> {
  const { type, instance: id, event, payload } = message;
  if (current === null) throw new EventRefused(`Instance ${id} not mounted.`);
  const unit = new UnitOfWork(store, type, id, event);
  const next = await runEvent(handler, payload, give(current.state), unit);
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

/** The sender may have missed the patches of the first time: it gets the state as it is now. */
async function duplicateOutcome(store: InstanceStore, type: string, id: string): Promise<EventOutcome> {
  const now = await store.load(type, id);
  return { patches: statePatches(type, id, now?.state ?? {}), publications: [], effects: [], changed: [] };
}
