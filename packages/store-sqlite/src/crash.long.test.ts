import { join } from 'node:path';
import { runCrashes } from './test-support/crash/run-crashes';
import { useTempFolder } from '@nasc/test-support';

const temp = useTempFolder();
const target = (name: string): string => join(__dirname, 'test-support/crash', `${name}.ts`);

describe('SqliteStore, killed', () => {
  it('has all that it acknowledged, and nothing torn', async () => {
    const location = temp('a.db');
    const totals = await runCrashes({ target: target('sqlite-store-target'), location, kills: 25, seed: 5 });
    expect(totals).toMatchObject({ kills: 25, violations: [] });
    expect(totals.acknowledged).toBeGreaterThan(250);
  });
});

describe('runCrashes', () => {
  it.each([
    ['acknowledges too early', 'early', /acknowledged \d+, found \d+/],
    ['tears commits', 'torn', /torn/],
    ['forgets events', 'forgetful', /not remembered/],
  ])(
    'finds a store that %s',
    async (_what, name, violation) => {
      process.env.NASC_BROKEN = name;
      const options = { target: target('broken-targets'), location: temp('a.db'), kills: 50, seed: 5 };
      expect((await runCrashes(options)).violations.join('\n')).toMatch(violation);
    },
    120_000,
  );
});
