import { randomUUID } from 'node:crypto';

/** Where the stores of these mistakes keep their states: JSON texts, or rows, by key. */
export interface RowsWorld {
  readonly rows: Map<string, unknown>;
  readonly epoch: string;
}

export function createRowsWorld(): RowsWorld {
  return { rows: new Map(), epoch: randomUUID() };
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
