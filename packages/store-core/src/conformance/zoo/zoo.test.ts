import { allRules } from '../all-rules';
import { allBroken } from './all-broken';
import { brokenProcesses } from './processes/broken-processes';

/** That the reference keeps every rule, and each rule kills its broken stores, is asked by the long lane. */
it('the zoo has a broken store for every rule', () => {
  const dead = new Set([...allBroken, ...brokenProcesses].map(({ diesBy }) => diesBy));
  expect(allRules.map(({ id }) => id).filter((id) => !dead.has(id))).toEqual([]);
});
