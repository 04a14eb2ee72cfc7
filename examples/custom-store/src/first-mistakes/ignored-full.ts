import { captureState } from '@nasc/store-core';
import { JsonRowsStore } from './json-rows-store';

/** Mistake 5: what changed is put on top of what was there, and `full` is not looked at. */
export class IgnoredFull extends JsonRowsStore {
  override async persist(type: string, id: string, diff: Record<string, unknown>): Promise<void> {
    const before = JSON.parse(this.read(type, id) ?? '{}') as object;
    this.rows.set(this.keyOf(type, id), captureState({ ...before, ...diff }, { type, id }));
  }
}
