export { BaseStore } from './base-store';
export type { Awaitable, CaptureHint, CapturedWrite } from './base-store';
export { captureState, checkState, MAX_DEPTH, type KnownItem, type KnownState } from './capture-state';
export type { StatePlace } from './capture-state';
export { checkRev, decideCommit, duplicateOf, hintsOf, makeCommit, recordOf } from './commit-steps';
export type { CommitTable, RecordedWrite } from './commit-steps';
export { compareCodePoints } from './compare-code-points';
export { diffState, jsonEqual } from './diff-state';
export { instanceKey } from './check-key';
export type { JsonObject, JsonValue } from './json-value';
export { timers } from './timers';
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
