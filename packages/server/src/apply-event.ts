import type { JsonObject, PlannedStatement, Store } from '@nasc/store-core';
import { copyState } from './instances/copy-state';
import { HandlerFailed } from './instances/engine-error';
import { instanceStore, isVersioned, type Change, type Snapshot } from './instances/instance-store';
import type { Handler, Payload } from './handlers/handler';
import { runEvent } from './handlers/run-handler';
import { UnitOfWork } from './handlers/unit-of-work';

/** What an event does. */
export interface AppliedEvent {
  /** The changed top-level properties. A removed one is an own key with the value `undefined`. */
  diff: Record<string, unknown>;
  /** The full next state; `null` if the handler removed the instance with `ctx.remove`. */
  newState: JsonObject | null;
  /** With `dryRun`, if the store has `plan`: the statements it would run. */
  plan?: PlannedStatement[];
}

/**
 * Run one event on a given state, and persist the result, even if its diff is empty. There is no queue, no
 * check of revs and no patches: `createProcessor` has these.
 *
 * @param current the state before the event. It is never changed: the handler gets a copy.
 * @param dryRun write nothing; if the store has `plan`, the result holds its statements.
 * @throws Error for an unknown event, or if the handler did not return an object; whatever the handler threw,
 *   as it is; StoreError from the store.
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

/** The caller runs on the server: it gets the handler's own error. */
function unwrap(error: unknown): never {
  throw error instanceof HandlerFailed ? error.cause : error;
}
