import type { Rule } from './rule';
import { basicRules } from './rules/basic';
import { concurrencyRules } from './rules/concurrency';
import { durabilityRules } from './rules/durability';
import { killRules } from './rules/kills';
import { exitRule, freshProcessRule, twoProcessesRule } from './rules/processes';
import { faultRules } from './rules/faults';
import { handleRules } from './rules/handles';
import { idempotencyRules } from './rules/idempotency';
import { multiInstanceRules } from './rules/multi-instance';
import { removalAndListingRules } from './rules/removal-and-listing';
import { resourceRules } from './rules/resources';
import { revRules } from './rules/revs';
import { costRules } from './rules/cost';
import { diffAndFullRules } from './rules/diff-and-full';
import { documentRules } from './rules/documents';
import { findEventRule } from './rules/find-event';
import { identityRules } from './rules/identity';
import { isolationRules } from './rules/isolation';
import { keyedArrayRules } from './rules/keyed-arrays';
import { listOrderRule } from './rules/list-order';
import { refusalRules } from './rules/refusal';
import { typesRule } from './rules/types';
import { valueRules } from './rules/value';
import { watchingRules } from './rules/watching';

/** Every rule, in the order in which they run: by group, then by number. */
export const allRules: readonly Rule[] = [
  ...basicRules,
  ...byNumber([...valueRules, ...refusalRules, ...documentRules]),
  ...isolationRules,
  ...identityRules,
  ...keyedArrayRules,
  ...diffAndFullRules,
  ...concurrencyRules,
  twoProcessesRule,
  listOrderRule,
  ...revRules,
  ...multiInstanceRules,
  ...idempotencyRules,
  findEventRule,
  ...removalAndListingRules,
  ...watchingRules,
  typesRule,
  ...byNumber([...durabilityRules, freshProcessRule, ...killRules]),
  ...byNumber([...faultRules]),
  ...byNumber([...handleRules, exitRule, ...resourceRules]),
  ...costRules,
];

function byNumber(rules: readonly Rule[]): Rule[] {
  return rules.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}
