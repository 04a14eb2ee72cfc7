import type { CapturedWrite } from '@nasc/store-core';
import type { Decision } from '../sqlite/rows-of-commit';
import { VersionedRowsStore } from './versioned-rows-store';

/** Mistake 7: `ifRev` is accepted and not looked at. */
export class NoConflictCheck extends VersionedRowsStore {
  protected override decide(writes: readonly CapturedWrite<string>[]): Decision {
    return super.decide(writes.map((write) => ({ ...write, ifRev: undefined })));
  }
}
