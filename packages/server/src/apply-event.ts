import type { JsonObject, PlannedStatement, Store } from '@nasc/store-core';
import type { EventRefused } from './instances/engine-error';
import { copyState } from './instances/copy-state';
import { HandlerFailed } from './instances/engine-error';
import { instanceStore, isVersioned, type Change, type Snapshot } from './instances/instance-store';
import type { Handler, Payload } from './handlers/handler';
import { runEvent } from './handlers/run-handler';
import { UnitOfWork } from './handlers/unit-of-work';

/** What an event does. */
export interface AppliedEvent {
  /** The changed top-level properties; a removed one is an own key whose value is `undefined`. */
  diff: Record<string, unknown>;
  /** The whole next state; `null` when the handler removed the instance by `ctx.remove`. */
  newState: JsonObject | null;
  /** With `dryRun`, where the store can tell: the statements that it would run. */
  plan?: PlannedStatement[];
}

/**
 * Run one event on a state that the caller has, and persist the outcome, an empty diff included.
 * Without a queue, without a check of revs and without patches: `createProcessor` has these.
 *
 * @param current the state before the event; never changed, the handler gets a copy.
 * @param dryRun write nothing; `plan` then holds the store's statements if it has `plan`.
 * @throws Error `Unknown event 'e' for X`, or when the handler returned no object; what the handler
 *   threw, as it is; StoreError of the store.
 */
export async function applyEvent(
  handler: Handler,
  event: string,
  payload: Payload | null | undefined,
  current: object,
  store: Store,
  type: string,
  id: string,
  dryRun = false,
): Promise<AppliedEvent> {
  const unit = new UnitOfWork(instanceStore(store), type, id, event);
  const newState = await runEvent(handler, payload ?? {}, copyState(current), unit).catch(unwrap);
  const before: Snapshot = { state: current as JsonObject, version: { epoch: '', rev: 0 } };
  const [own, ...others] = await unit.changes(before, newState);
  const changes = [{ ...own, ifRev: undefined }, ...others];
  const { diff } = own;
  if (dryRun) return { diff, newState, ...(await planOf(store, changes)) };
  if (others.length === 0 && newState !== null) await store.persist(type, id, diff, newState);
  else await instanceStore(store).commit(changes);
  for (const effect of unit.effects) await effect();
  return { diff, newState };
}

async function planOf(store: Store, changes: readonly Change[]): Promise<{ plan?: PlannedStatement[] }> {
  if (!isVersioned(store) || store.plan === undefined) return {};
  const writes = changes.map(({ type, id, diff, full, ifRev }) => ({ type, id, diff, full, ifRev }));
  return { plan: await store.plan(writes) };
}

/** The caller is the server: it gets the handler's own error. */
function unwrap(error: unknown): never {
  throw error instanceof HandlerFailed ? error.cause : (error as EventRefused);
}
