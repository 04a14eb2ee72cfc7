import { randomUUID } from 'node:crypto';
import type { Store } from '@nasc/store-core';
import { defineTarget } from '@nasc/store-core/conformance';

/** Where the stores of these mistakes keep their states: JSON texts, or rows, by key. */
export interface RowsWorld {
  readonly rows: Map<string, unknown>;
  readonly epoch: string;
}

export function createRowsWorld(): RowsWorld {
  return { rows: new Map(), epoch: randomUUID() };
}

/** What makes a store of rows. */
export type RowsStoreClass = new (world: RowsWorld) => Store;

/** Such a store, for the conformance suite. */
export function rowsTarget(Class: RowsStoreClass) {
  return defineTarget({
    name: Class.name,
    createWorld: createRowsWorld,
    open: (world) => new Class(world),
    durable: true,
    raw: { corrupt: corruptText },
  });
}

/** A key that no other instance has. */
export function keyOf(type: string, id: string): string {
  return JSON.stringify([type, id]);
}

/** Damage the text of one instance. */
export function corruptText({ rows }: RowsWorld, type: string, id: string): void {
  const row = rows.get(keyOf(type, id));
  const damaged = '{"half';
  rows.set(keyOf(type, id), typeof row === 'object' ? { ...row, state: damaged } : damaged);
}
