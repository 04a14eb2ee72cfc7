import type { Rule } from './rule';

/**
 * Rules about persist and load that hold for `commit` and `loadVersioned` just the same, and are checked
 * both ways.
 */
export function bothWays(rules: readonly Rule[]): readonly Rule[] {
  return rules.map((rule) => ({ ...rule, check: (t) => t.bothWays((context) => rule.check(context)) }));
}
