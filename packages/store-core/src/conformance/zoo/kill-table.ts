import { allRules } from '../all-rules';
import { allBroken } from './all-broken';
import { brokenProcesses } from './processes/broken-processes';

/** Which broken stores die by which rule, as text: a line per rule, as docs/spec.md has it. */
export function killTable(): string {
  const broken = [...allBroken, ...brokenProcesses];
  const lines = allRules.map(({ id }) => {
    const names = broken.filter(({ diesBy }) => diesBy === id).map(({ name }) => name);
    return `${id.padEnd(4)} ${names.join(' · ')}`;
  });
  return [`${broken.length} broken stores, ${allRules.length} rules`, '', ...lines].join('\n');
}
