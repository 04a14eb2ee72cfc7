import { brokenAdditions } from './broken-additions';
import { brokenArrays, brokenDiffs } from './broken-arrays';
import { brokenBasics } from './broken-basics';
import { brokenCommits, brokenEvents } from './broken-commits';
import { brokenConcurrency } from './broken-concurrency';
import { brokenConflicts } from './broken-conflicts';
import { brokenEquality } from './broken-equality';
import { brokenEventIds } from './broken-event-ids';
import { brokenEventMemory } from './broken-event-memory';
import { brokenEventMisuse } from './broken-event-misuse';
import { brokenRecords } from './broken-events';
import { brokenCosts, brokenFaults } from './broken-faults';
import { brokenFailures } from './broken-failures';
import { brokenFormats } from './broken-formats';
import { brokenIds } from './broken-ids';
import { brokenIdentity } from './broken-identity';
import { brokenIsolation } from './broken-isolation';
import { brokenItems } from './broken-items';
import { brokenFreshLists } from './broken-fresh-lists';
import { brokenHints } from './broken-hints';
import { brokenHandles, brokenListing, brokenWatching } from './broken-listing';
import { brokenLargeCommits } from './broken-large-commits';
import { brokenListeners } from './broken-listeners';
import { brokenNames } from './broken-names';
import { brokenOpenings } from './broken-openings';
import { brokenOptions } from './broken-options';
import { brokenOrder } from './broken-order';
import { brokenRefusals } from './broken-refusals';
import { brokenRemovals } from './broken-removals';
import { brokenRevs } from './broken-revs';
import { brokenShapes } from './broken-shapes';
import { brokenSubscriptions } from './broken-subscriptions';
import { brokenUpdates } from './broken-updates';
import { brokenValues } from './broken-values';
import { brokenVersions } from './broken-versions';
import type { BrokenStore } from './zoo-target';

/** Every broken store, each to die by the rule that it names. */
export const allBroken: readonly BrokenStore[] = [
  ...brokenBasics,
  ...brokenValues,
  ...brokenShapes,
  ...brokenFormats,
  ...brokenRefusals,
  ...brokenIsolation,
  ...brokenOptions,
  ...brokenIdentity,
  ...brokenNames,
  ...brokenArrays,
  ...brokenItems,
  ...brokenDiffs,
  ...brokenUpdates,
  ...brokenEquality,
  ...brokenConcurrency,
  ...brokenRevs,
  ...brokenVersions,
  ...brokenConflicts,
  ...brokenCommits,
  ...brokenLargeCommits,
  ...brokenEvents,
  ...brokenRecords,
  ...brokenEventIds,
  ...brokenEventMemory,
  ...brokenEventMisuse,
  ...brokenRemovals,
  ...brokenOrder,
  ...brokenSubscriptions,
  ...brokenListing,
  ...brokenIds,
  ...brokenWatching,
  ...brokenListeners,
  ...brokenFreshLists,
  ...brokenHints,
  ...brokenHandles,
  ...brokenOpenings,
  ...brokenFaults,
  ...brokenFailures,
  ...brokenCosts,
  ...brokenAdditions,
];
