import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRules } from './all-rules';
import { RULE_CALLS } from './rule-calls';
import { Session } from './session';
import { referenceTarget } from './zoo/zoo-target';

/** Counts of few calls differ by chance and from machine to machine; `NASC_UPDATE=1` writes the table anew. */
it('the table of calls says about how many calls each rule makes', async () => {
  const session = new Session(referenceTarget, { seed: 1, timeout: 10_000 });
  for (const rule of allRules) await session.run(rule);
  const calls = [...session.calls].filter(([, times]) => times > 0);
  if (process.env['NASC_UPDATE'] !== undefined) {
    const path = join(__dirname, 'rule-calls.ts');
    const head =
      '/**\n * How many calls each rule makes on the reference store: what a slow store is told to need is reckoned\n * from it. Written by `NASC_UPDATE=1 jest src/conformance/rule-calls.test.ts`, which otherwise checks it.\n */\n';
    const rows = calls.map(([id, times]) => `  ${id}: ${times},\n`).join('');
    writeFileSync(path, `${head}export const RULE_CALLS: Readonly<Record<string, number>> = {\n${rows}};\n`);
    return;
  }
  const wrong = calls.filter(([id, times]) => {
    const told = RULE_CALLS[id] ?? 0;
    return told < times / 1.5 - 20 || told > times * 3 + 20;
  });
  expect(wrong).toEqual([]);
});
