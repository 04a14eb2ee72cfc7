/** A store that is wrong in one way that only another process sees. */
export interface BrokenProcess {
  /** The rule by which it dies. */
  readonly diesBy: string;
  readonly name: string;
  /** Its name in broken-stores.mjs. */
  readonly store: string;
}

/** The broken stores of the rules between processes. */
export const brokenProcesses: readonly BrokenProcess[] = [
  { diesBy: 'C10', name: 'reads from a cache of the process', store: 'cache' },
  { diesBy: 'C10', name: 'compares revs before its transaction', store: 'compare-early' },
  { diesBy: 'U2', name: 'reads what the process remembers', store: 'in-memory' },
  { diesBy: 'U2', name: 'has an epoch of the process', store: 'epoch-of-the-process' },
  { diesBy: 'U3', name: 'acknowledges before it writes', store: 'acknowledge-early' },
  { diesBy: 'U4', name: 'writes the items in a second transaction', store: 'two-steps' },
  { diesBy: 'U5', name: 'recovers in two transactions', store: 'recover-in-two-steps' },
  { diesBy: 'U7', name: 'commits one instance after the other', store: 'one-by-one' },
  { diesBy: 'C10', name: 'knows the events of its process', store: 'events-of-the-process' },
  { diesBy: 'C10', name: 'lists from a cache of the process', store: 'cached-list' },
  { diesBy: 'C10', name: 'knows the removals of its process', store: 'cached-tombstones' },
  { diesBy: 'U3', name: 'acknowledges removals before it makes them', store: 'removes-later' },
  { diesBy: 'U3', name: 'forgets what was removed when it is opened', store: 'forgets-the-removed' },
  { diesBy: 'U3', name: 'writes the ids in a second transaction', store: 'lists-later' },
  { diesBy: 'U3', name: 'writes its epoch down when it is closed', store: 'epoch-when-closed' },
  { diesBy: 'U4', name: 'writes large texts in a second transaction', store: 'large-texts-later' },
  { diesBy: 'U7', name: 'records events in a second transaction', store: 'events-afterwards' },
  { diesBy: 'U7', name: 'records events before the transaction', store: 'events-beforehand' },
  { diesBy: 'H2', name: 'leaves a timer running', store: 'timer' },
  { diesBy: 'E9', name: 'hints to its own process only', store: 'watch-own-process' },
];
