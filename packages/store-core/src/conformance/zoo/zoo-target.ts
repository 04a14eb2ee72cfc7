import type { Store } from '../../store';
import { defineTarget, type ConformanceTarget } from '../define-target';
import { ReferenceStore } from './reference-store';
import { ReferenceWorld } from './reference-world';

/** A store that is wrong in one way, and the rule that must find it. */
export interface BrokenStore {
  readonly name: string;
  /** The rule by which it dies. */
  readonly diesBy: string;
  open(world: ReferenceWorld): Store;
  /** What its target says otherwise than that of the reference. */
  readonly target?: Partial<ConformanceTarget<ReferenceWorld>>;
}

/** The target of a store over a reference world, with every probe. */
export function zooTarget({ name, open, target }: Omit<BrokenStore, 'diesBy'>): ConformanceTarget {
  return defineTarget<ReferenceWorld, Store>({
    name,
    createWorld: () => new ReferenceWorld(),
    open,
    durable: true,
    raw: { corrupt: (world, type, id) => world.corrupt(type, id) },
    faults: {
      full: (world) => world.fault('isFull'),
      readonly: (world) => world.fault('isReadonly'),
      lock: (world) => world.fault('isLocked'),
      failRead: (world) => world.fault('failsReads'),
      failWrite: (world, nth, how) => world.failWrite(nth, how),
      newerFormat: (world) => (world.format = 2),
    },
    probe: {
      rowsWritten: ({ counters }) => counters.rowsWritten,
      bytesWritten: ({ counters }) => counters.bytesWritten,
      statements: ({ counters }) => counters.statements,
    },
    ...target,
  });
}

/** The reference itself. */
export const referenceTarget = zooTarget({ name: 'reference', open: (world) => new ReferenceStore(world) });

/** A broken store of a class. */
export function broken(
  diesBy: string,
  name: string,
  Broken: new (world: ReferenceWorld) => Store,
  target?: BrokenStore['target'],
): BrokenStore {
  return { name, diesBy, open: (world) => new Broken(world), ...(target === undefined ? {} : { target }) };
}
