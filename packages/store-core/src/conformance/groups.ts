/** The groups of rules, by letter, in the order in which they run. */
export const GROUPS: Readonly<Record<string, string>> = {
  B: 'Basic',
  V: 'Value',
  A: 'Isolation',
  I: 'Identity',
  K: 'Keyed arrays',
  D: 'Diff and full',
  C: 'Concurrency',
  R: 'Revs',
  M: 'Multi-instance commits',
  N: 'Idempotency',
  E: 'Removal, listing, watching',
  U: 'Durability',
  F: 'Faults',
  H: 'Handles',
  P: 'Cost',
};
