import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RUNNERS = join(__dirname, 'runners');

type Verdicts = Record<string, 'pass' | 'fail' | 'skip'>;

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'nasc-runners-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Run a command on one of the stores. */
function start(store: string, command: string, ...args: string[]): { status: number | null; stdout: string } {
  const env: NodeJS.ProcessEnv = { ...process.env, NASC_STORE: store };
  // Each runner is to think that it runs alone.
  for (const name of ['JEST_WORKER_ID', 'NODE_ENV', 'NODE_TEST_CONTEXT', 'NASC_TEST_COUNTS'])
    delete env[name];
  const { status, stdout } = spawnSync(command, args, { cwd: RUNNERS, env, encoding: 'utf8' });
  return { status, stdout };
}

interface JestLikeReport {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

/** jest and vitest write the same JSON. */
function jestLike(file: string): Verdicts {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as JestLikeReport;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return verdicts(tests.map(({ title, status }) => [title, status]));
}

function verdicts(tests: readonly (readonly [title: string, status: string])[]): Verdicts {
  const known: Verdicts = {};
  for (const [title, status] of tests) {
    const id = /^\w+/.exec(title)?.[0] ?? title;
    known[id] = /^pass/.test(status) ? 'pass' : /^fail/.test(status) ? 'fail' : 'skip';
  }
  return known;
}

interface MochaReport {
  passes: { title: string }[];
  failures: { title: string }[];
  pending: { title: string }[];
}

/** Each runner: its exit code, and what it says of every rule. */
const runners: Record<string, (store: string) => [status: number | null, Verdicts]> = {
  jest(store) {
    const output = join(folder, `jest-${store}.json`);
    const config = JSON.stringify({
      rootDir: RUNNERS,
      testMatch: ['**/suite.jest.cjs'],
      testEnvironment: 'node',
    });
    const { status } = start(store, 'jest', '--config', config, '--json', '--outputFile', output);
    return [status, jestLike(output)];
  },
  vitest(store) {
    const output = join(folder, `vitest-${store}.json`);
    const { status } = start(
      store,
      'vitest',
      'run',
      '--root',
      RUNNERS,
      '--reporter=json',
      `--outputFile=${output}`,
      '--config=./vitest.config.mjs',
    );
    return [status, jestLike(output)];
  },
  mocha(store) {
    const { status, stdout } = start(store, 'mocha', '--reporter', 'json', 'suite.jest.cjs');
    const { passes, failures, pending } = JSON.parse(stdout) as MochaReport;
    const of = (tests: { title: string }[], kind: string) => tests.map(({ title }) => [title, kind] as const);
    return [status, verdicts([...of(passes, 'pass'), ...of(failures, 'fail'), ...of(pending, 'skip')])];
  },
  'node:test'(store) {
    const { status, stdout } = start(
      store,
      process.execPath,
      '--test',
      '--test-reporter=tap',
      'suite.node.mjs',
    );
    const lines = [...stdout.matchAll(/^\s*(not )?ok \d+ - ([A-Z]\d+ .*)$/gm)];
    return [
      status,
      verdicts(
        lines.map(([, not, title = '']) => [
          title,
          title.includes('# SKIP') ? 'skip' : not ? 'fail' : 'pass',
        ]),
      ),
    ];
  },
};

/** What the suite itself says. */
function runDirectly(store: string): Verdicts {
  const script = `
    const { runConformance } = require('@nasc/store-core/conformance');
    const { target, only } = require('./target.cjs');
    runConformance(target, { only }).then(({ results }) => console.log(JSON.stringify(results)));`;
  const { stdout } = start(store, process.execPath, '-e', script);
  const results = JSON.parse(stdout) as { id: string; outcome: string }[];
  return verdicts(results.map(({ id, outcome }) => [id, outcome]));
}

describe.each(['good', 'broken'])('registerConformance on a %s store', (store) => {
  let expected: Verdicts = {};
  beforeAll(() => (expected = runDirectly(store)));

  it('has rules of every verdict', () => {
    const seen = new Set(Object.values(expected));
    expect([...seen].sort()).toEqual(store === 'good' ? ['pass', 'skip'] : ['fail', 'pass', 'skip']);
    expect(expected).toMatchObject({ U1: 'skip', B1: store === 'good' ? 'pass' : 'fail' });
  });

  it.each(Object.entries(runners))(
    'says the same on %s as runConformance',
    (_name, runner) => {
      const [status, said] = runner(store);
      expect(said).toEqual(expected);
      expect(status === 0).toBe(store === 'good');
    },
    120_000,
  );
});
