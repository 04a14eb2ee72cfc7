import type { CapturedWrite, JsonObject, Loaded, PlannedStatement } from '@nasc/store-core';

/** How the instances of a store lie in its tables: what is different between the SQLite stores. */
export interface InstanceRows<Captured> {
  /** Whether a type's tables have to be set up before a rev that is read from them holds. */
  needsSetUp(type: string): boolean;
  /** Set up a type's tables; inside a write. */
  setUp(type: string): void;
  readState(type: string, id: string): JsonObject | null;
  readLoaded(type: string, id: string): Loaded | null;
  /** The rev that an instance has; 0 when it is absent. */
  revOf(type: string, id: string): number;
  /** Write or remove one instance; inside a write. The rev taken; 0 when there was nothing to remove. */
  write(write: CapturedWrite<Captured>): number;
  /** The statements that the writes would run now, in this order. */
  plan(writes: readonly CapturedWrite<Captured>[]): PlannedStatement[];
  /** Up to `limit` ids after `after`, in code-point order. */
  readIds(type: string, after: string | undefined, limit: number): string[];
  /** Forget what was learned inside a transaction that was rolled back. */
  forget(): void;
}
