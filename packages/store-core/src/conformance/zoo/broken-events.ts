import type { CommitResult } from '../../store';
import { storing } from './broken-event-ids';
import { ReferenceStore, type ZooWrite } from './reference-store';
import type { ReferenceWorld } from './reference-world';
import { broken, type BrokenStore } from './zoo-target';

type StoreClass = new (world: ReferenceWorld) => ReferenceStore;

/** A store that records some events only. */
function recording(isRecorded: (revs: readonly number[]) => boolean): StoreClass {
  return class extends ReferenceStore {
    protected override remember(
      writes: readonly ZooWrite[],
      revs: readonly number[],
      eventId: string | undefined,
    ): void {
      if (isRecorded(revs)) super.remember(writes, revs, eventId);
    }
  };
}

/** Records an event when the revs are right, and then writes. */
class RecordingFirstStore extends ReferenceStore {
  protected override commitNow(writes: readonly ZooWrite[], eventId: string | undefined): CommitResult {
    const duplicate = this.duplicate(writes, eventId);
    if (duplicate !== undefined) return duplicate;
    for (const [index, write] of writes.entries()) this.compare(write, index);
    const next = writes.map(({ type, id }) => (this.row(type, id)?.rev ?? 0) + 1);
    this.remember(writes, next, eventId);
    const result = super.commitNow(writes, undefined);
    this.remember(writes, result.revs, eventId);
    return result;
  }
}

/** More broken in ways of group N: how events are recorded. */
export const brokenRecords: readonly BrokenStore[] = [
  broken('N4', 'a write that fails uses its event up', RecordingFirstStore),
  broken(
    'N1',
    'an event that took no rev is not recorded',
    recording((revs) => revs.length === 0 || revs.some((rev) => rev > 0)),
  ),
  broken(
    'N1',
    'the event of an empty commit is not recorded',
    recording((revs) => revs.length > 0),
  ),
  broken(
    'N1',
    'the recorded revs are given away',
    class extends ReferenceStore {
      protected override duplicate(
        writes: readonly ZooWrite[],
        eventId: string | undefined,
      ): CommitResult | undefined {
        const duplicate = super.duplicate(writes, eventId);
        const revs = this.world.events.get(eventId ?? '')?.revs as number[] | undefined;
        return duplicate && { ...duplicate, revs: revs ?? [] };
      }
    },
  ),
  broken(
    'N5',
    'all emoji in event ids are one',
    storing((eventId) => eventId.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')),
  ),
  broken(
    'N5',
    'event ids end at NUL',
    storing((eventId) => eventId.split('\0')[0] || eventId),
  ),
  broken(
    'N5',
    'event ids pass through UTF-8',
    storing((eventId) => eventId.toWellFormed()),
  ),
  ...[512, 1_024, 65_535].map((length) =>
    broken(
      'N5',
      `cuts event ids at ${length}`,
      storing((eventId) => eventId.slice(0, length)),
    ),
  ),
  broken(
    'N5',
    'folds event ids beyond ASCII',
    storing((eventId) => eventId.replace(/[^\0-\x7f]/g, (char) => char.toLowerCase())),
  ),
  broken(
    'N5',
    'remembers the newest 64 events',
    class extends ReferenceStore {
      protected override remember(...args: Parameters<ReferenceStore['remember']>): void {
        super.remember(...args);
        const [oldest = ''] = this.world.events.keys();
        if (this.world.events.size > 64) this.world.events.delete(oldest);
      }
    },
  ),
];
