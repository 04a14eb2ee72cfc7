import type { CapturedWrite, CommitResult } from '@nasc/store-core';
import { setImmediate as roundTrip } from 'node:timers/promises';
import { VersionedRowsStore } from './versioned-rows-store';

/** Mistake 8: between the check and the write, another handle does the same. */
export class CheckThenAct extends VersionedRowsStore {
  protected override async write(writes: readonly CapturedWrite<string>[]): Promise<CommitResult> {
    this.decide(writes); // SELECT rev …
    await roundTrip();
    return super.write(writes.map((write) => ({ ...write, ifRev: undefined }))); // UPDATE …
  }
}
