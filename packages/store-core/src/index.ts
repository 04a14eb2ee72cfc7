export { BaseStore } from './base-store';
export type { CaptureHint, CapturedWrite } from './base-store';
export { checkRev, decideCommit, duplicateOf, hintsOf, makeCommit, recordOf } from './commit-steps';
export type { CommitTable, RecordedWrite } from './commit-steps';
export { CallOrder } from './call-order';
export { captureState, checkState, MAX_DEPTH, type KnownItem, type KnownState } from './capture-state';
export type { StatePlace } from './capture-state';
export { checkOptions, unknownOptions } from './check-options';
export { compareCodePoints } from './compare-code-points';
export { diffState, jsonEqual } from './diff-state';
export { instanceKey } from './check-key';
export { isJsonObject } from './is-json-object';
export { isPromise } from './is-promise';
export type { Awaitable } from './is-promise';
export type { JsonObject, JsonValue } from './json-value';
export { timers } from './timers';
export { loadOptional } from './load-optional';
export { isStoreError, StoreError } from './store-error';
export type { StoreErrorCode, StoreErrorDetails } from './store-error';
export type {
  CommitOptions,
  CommitResult,
  Hint,
  ListOptions,
  Loaded,
  PlannedStatement,
  RemoveOptions,
  Store,
  StoreCapabilities,
  VersionedStore,
  Write,
} from './store';
