import { allRules } from './all-rules';
import type { Rule } from './rule';

/**
 * The rules that `only` names, in the suite's order.
 *
 * @param only rules (`'C6'`) and groups (`'C'`), as a list or with commas between them; all when absent.
 * @throws TypeError when it names none.
 */
export function selectRules(only: string | readonly string[] | undefined): readonly Rule[] {
  if (only === undefined) return allRules;
  const names = typeof only === 'string' ? only.split(',').map((name) => name.trim()) : only;
  for (const name of names) {
    if (!allRules.some((rule) => isNamed(rule, name)))
      throw new TypeError(`There is no rule or group "${name}".`);
  }
  return allRules.filter((rule) => names.some((name) => isNamed(rule, name)));
}

function isNamed({ id }: Rule, name: string): boolean {
  return id === name || (name.length === 1 && id.startsWith(name));
}
