import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRules } from '../all-rules';
import { GROUPS } from '../groups';
import { killTable } from './kill-table';

const SPEC = join(__dirname, '../../../../../docs/spec.md');
const README = join(__dirname, '../../../README.md');
const [BEGIN, END] = ['<!-- kill table: begin -->\n', '<!-- kill table: end -->'];

describe('docs/spec.md', () => {
  // NASC_UPDATE_SPEC=1 jest kill-table writes it.
  it('has the kill table as it is', () => {
    const spec = readFileSync(SPEC, 'utf8');
    const [before, after] = [spec.indexOf(BEGIN), spec.indexOf(END)];
    expect(before).toBeGreaterThan(0);
    const table = `\n\`\`\`text\n${killTable()}\n\`\`\`\n\n`;
    if (process.env.NASC_UPDATE_SPEC) {
      writeFileSync(SPEC, spec.slice(0, before + BEGIN.length) + table + spec.slice(after));
    } else {
      expect(spec.slice(before + BEGIN.length, after)).toBe(table);
    }
  });

  it('has as many broken stores as the README says', () => {
    const [count] = killTable().split(',');
    expect(readFileSync(README, 'utf8')).toContain(count);
  });

  it('tells every rule', () => {
    const spec = readFileSync(SPEC, 'utf8');
    for (const [letter, title] of Object.entries(GROUPS)) {
      const paragraph = spec.split('\n').find((line) => line.startsWith(`**${letter} ${title}`)) ?? '';
      const ids = allRules.filter(({ id }) => id.startsWith(letter)).map(({ id }) => id);
      expect(ids.filter((id) => !new RegExp(`\\b${id}\\b`).test(paragraph))).toEqual([]);
    }
  });
});
