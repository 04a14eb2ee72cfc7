import type { Store } from '../store';
import { moduleUrl } from './processes/module-url';

/** What a function of the target may answer: at once or later. */
export type MaybeAsync<T> = T | Promise<T>;

/** Isolated storage: an object with whatever `open` needs to find it. */
export interface World {
  /** Throw the storage away. Called when all handles are closed, also after a failure. */
  destroy?(): unknown;
}

/** Ends a fault. */
export type EndFault = () => unknown;

/** Ways to damage what is stored, behind the store's back. */
export interface RawProbes<W> {
  /** Make the stored state of one instance unreadable. No handle is open while it is called. */
  corrupt?(world: W, type: string, id: string): unknown;
}

/**
 * Ways to make the storage fail. A fault must be in effect for every handle that is opened after the
 * call; `lock` also for those that are open. Each answers with a function that ends the fault, for
 * the handles that were opened under it too (but for those of `readonly`, which are not used again).
 */
export interface FaultProbes<W> {
  /** No room: writing what was there before and one more megabyte must fail. */
  full?(world: W): MaybeAsync<EndFault>;
  /** The storage can be read and not written. */
  readonly?(world: W): MaybeAsync<EndFault>;
  /** Somebody else holds the storage's write lock until the fault ends. */
  lock?(world: W): MaybeAsync<EndFault>;
  /** The `nth` write to the storage (from 1) fails: that one, or that and all after it. */
  failWrite?(world: W, nth: number, how: 'once' | 'forever'): MaybeAsync<EndFault>;
  /** Every read from the storage fails. */
  failRead?(world: W): MaybeAsync<EndFault>;
  /** The storage says that a newer version of the store has written it. No handle is open. */
  newerFormat?(world: W): unknown;
}

/** Counters of the storage, ever growing; the suite looks at differences. */
export interface CostProbes<W> {
  /** Rows (documents, keys) inserted, updated or deleted. */
  rowsWritten?(world: W): MaybeAsync<number>;
  /** Bytes written. */
  bytesWritten?(world: W): MaybeAsync<number>;
  /** Statements (requests) sent, reads included. */
  statements?(world: W): MaybeAsync<number>;
}

/** A rule that the store is known to break, and why that is accepted. It voids the rule's levels. */
export interface Waiver {
  /** The rule, for example `'V17'`. */
  readonly id: string;
  readonly reason: string;
  /** Where it is discussed. */
  readonly issue?: string | undefined;
}

/** A store to be tested: how to make storage for it, and how to open it. */
export interface ConformanceTarget<W extends object = World, S extends Store = Store> {
  /** For the report, for example the name of the package. */
  readonly name: string;
  /** Isolated storage with nothing in it. */
  createWorld(): MaybeAsync<W>;
  /** A handle on the storage. A rule may open several on one world; they see the same data. */
  open(world: W): MaybeAsync<S>;
  /**
   * The module whose default export this target is: `import.meta.url`, or `__filename`. With it, the
   * rules between processes run too (C10, E9, H2, U2 to U5, U7): other processes import the module and
   * `open` the same storage. They get what JSON keeps of the world, so that a `durable` target's world
   * must say in plain data (a path, a URL, a name) where its storage is. The command line fills it in.
   * Without it, those rules do not run, and the level of a `durable` target is `not run`. The module
   * must not run the suite itself when it is imported.
   * Where tests run on sources that `node` cannot import, it may be another module that opens the same
   * storage with the built store.
   */
  readonly module?: string | URL | undefined;
  /** Whether data survive closing all handles and opening new ones. Default: false. */
  readonly durable?: boolean | undefined;
  /** How to close a handle, where that is not `store.close()`. */
  close?(store: S): unknown;
  readonly raw?: RawProbes<W> | undefined;
  readonly faults?: FaultProbes<W> | undefined;
  readonly probe?: CostProbes<W> | undefined;
  readonly waivers?: readonly Waiver[] | undefined;
}

/**
 * Describe a store for the suite. Checks the description now, so that a slip of the pen is told
 * where it was made.
 *
 * @throws TypeError when something is missing or is not what it should be.
 */
export function defineTarget<W extends object, S extends Store>(
  target: ConformanceTarget<W, S>,
): ConformanceTarget {
  if (typeof target !== 'object' || target === null) {
    throw new TypeError('defineTarget takes an object { name, createWorld, open, … }.');
  }
  if (typeof target.name !== 'string' || target.name === '') {
    throw new TypeError('The target needs a `name`, for example that of the package.');
  }
  for (const method of ['createWorld', 'open'] as const) {
    if (typeof target[method] !== 'function') {
      throw new TypeError(`The target needs a function \`${method}\`.`);
    }
  }
  if (target.close !== undefined && typeof target.close !== 'function') {
    throw new TypeError('`close` of the target must be a function that gets the store.');
  }
  if (target.module !== undefined) moduleUrl(target.module);
  for (const waiver of target.waivers ?? []) checkWaiver(waiver);
  return target as ConformanceTarget<object, S> as ConformanceTarget;
}

function checkWaiver({ id, reason }: Waiver): void {
  if (!/^[A-Z]\d+$/.test(id)) throw new TypeError(`A waiver names one rule, such as "V17", not "${id}".`);
  if (typeof reason !== 'string' || reason === '')
    throw new TypeError(`The waiver of ${id} needs a \`reason\`.`);
}
