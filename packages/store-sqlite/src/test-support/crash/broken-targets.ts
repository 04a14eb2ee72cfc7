import { SqliteStore } from '@nasc/store-sqlite';
import type { CommitResult, VersionedStore, Write } from '@nasc/store-core';
import type { CrashTarget } from './crash-child';

type Commit = VersionedStore['commit'];

/** Stores that break what the crash runner looks for: it must find each. Chosen by `NASC_BROKEN`. */
const BROKEN: Record<string, (store: SqliteStore, commit: Commit) => Commit> = {
  /** Acknowledges what is only queued. */
  early: (store, commit) => async (writes, options) => {
    const { type, id, ifRev = 0 } = writes[0] as Write;
    const rev = (await store.loadVersioned(type, id))?.rev ?? 0;
    const committing = commit(writes, options);
    return rev === ifRev ? { status: 'committed', revs: writes.map(() => rev + 1) } : committing;
  },
  /** Writes one instance after the other. */
  torn: (_store, commit) => async (writes, options) => {
    const results: CommitResult[] = [];
    for (const [i, write] of writes.entries()) {
      results.push(await commit([write], { eventId: `${options?.eventId} ${i}` }));
    }
    return { status: results[0]?.status ?? 'committed', revs: results.flatMap(({ revs }) => revs) };
  },
  /** Remembers no event. */
  forgetful: (_store, commit) => (writes) => commit(writes.map(({ ifRev: _, ...write }) => write)),
};

const target: CrashTarget = {
  open(location) {
    const store = new SqliteStore(location);
    const commit = BROKEN[process.env.NASC_BROKEN ?? '']?.(store, store.commit.bind(store));
    if (commit === undefined) throw new Error('NASC_BROKEN names no broken store.');
    return Object.assign(store, { commit });
  },
};

export default target;
