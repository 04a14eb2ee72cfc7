import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConformanceReport } from '../report';
import { reportOf, runBin } from './test-support/run-bin';

const target = (how: string): string =>
  `${pathToFileURL(join(__dirname, 'test-support/hostile-target.mjs')).href}?how=${encodeURIComponent(how)}`;

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'nasc-bin-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** A target of two methods, as text. */
const MAP_TARGET = `{
  name: 'map',
  createWorld: () => ({ rows: new Map() }),
  open: ({ rows }) => ({
    load: async (type, id) => JSON.parse(rows.get(type + id) ?? 'null'),
    persist: async (type, id, diff, full) => void rows.set(type + id, JSON.stringify(full)),
  }),
}`;

describe('nasc-conformance', () => {
  it('exits 0 for rules that are kept, with a line per group and a summary', async () => {
    const { code, stdout, stderr } = await runBin(target('good'), '--only', 'B1,B2', '--only', 'K1');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toMatch(/^B Basic: 2 pass \(\d+\.\d s\)\nK Keyed arrays: 1 pass \(\d+\.\d s\)\n$/);
    expect(stdout).toContain('good · nasc-conformance/1 · seed 1\n');
    expect(stdout).toMatch(/\n3 pass\n$/);
  });

  it('exits 1 and tells each failure with what was got and wanted, and how to replay it', async () => {
    const path = file('it’s.mjs', `export default ${MAP_TARGET}`);
    const { code, stdout } = await runBin(path, '--only', 'B2,I1', '--seed', '7');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL I1 .*\n {2}.*\n[^]* got +\S[^]* want +\S[^]* likely +\S/m);
    expect(stdout).toContain(`replay   npx nasc-conformance '${path}' --only I1 --seed 7\n`);
  });

  it.concurrent.each([
    ['blocks', 'the process stopped answering'],
    ['exits', 'the process ended (exit code 0) while the rule ran'],
    ['crashes', 'the process ended (SIGABRT) while the rule ran'],
    ['rejects late', 'a promise that nobody had was rejected'],
  ])(
    'reports a store that %s by its rule, and goes on with the next',
    async (how, message) => {
      const run = await runBin(target(how), '--only', 'B5,B6,B8,K3', '--timeout', '500', '--json', '-');
      const { results } = reportOf(run);
      expect(results.map(({ id }) => id)).toEqual(['B5', 'B6', 'B8', 'K3']);
      expect(results[1]).toMatchObject({ outcome: 'fail', replay: '--only B6 --seed 1' });
      expect(results[1]?.message).toContain(message);
      expect(results[3]).toMatchObject({ outcome: 'pass' });
      expect(run.code).toBe(1);
    },
    60_000,
  );

  it.concurrent.each([
    ['exits at once', 'The process ended (exit code 7) while the module was imported'],
    ['throws at once', 'cannot be imported: Error: no such driver'],
    ['runs the suite', 'Move the target, with its `module: import.meta.url`, to a module of its own'],
    ['cannot be opened', 'open(world) failed with Error: ECONNREFUSED'],
    ['is no target', 'has no target as its default export. Write: export default defineTarget('],
    ['has no open', 'The target needs a function `open`.'],
  ])(
    'exits 2 for a target that %s, and says why without a stack',
    async (how, message) => {
      const { code, stdout, stderr } = await runBin(target(how));
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/\n {4}at /);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
    30_000,
  );

  it.concurrent.each([
    [[], 'Name the module of the target'],
    [['absent.mjs'], 'There is no file'],
    [['a.mjs', 'b.mjs'], 'One module at a time'],
    [['a.mjs', '--only', 'Z9'], 'There is no rule or group "Z9"'],
    [['a.mjs', '--seed', 'x'], '--seed takes a whole number'],
    [['a.mjs', '--level', 'gold'], 'There is no level "gold"; the levels are core'],
    [['a.mjs', '--level', 'core', '--only', 'B'], 'leave out --only'],
    [['a.mjs', '--sed', '1'], "Unknown option '--sed'"],
  ])('exits 2 for the arguments %j', async (argv, message) => {
    const { code, stderr } = await runBin(...argv);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(code).toBe(2);
  });

  it('says why a level is not reached', async () => {
    const versioned = await runBin(
      target('good'),
      '--level',
      'Versioned',
      '--json',
      join(folder, 'report.json'),
    );
    expect(versioned.stdout).toContain('good does not reach Versioned (n/a).');
    expect(versioned.code).toBe(1);
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as ConformanceReport;
    expect(report.levels).toMatchObject({ Core: 'pass', Versioned: 'n/a' });
  });

  it('takes CommonJS and TypeScript', async () => {
    const cjs = file('store.cjs', `module.exports = ${MAP_TARGET};`);
    const transpiled = file('transpiled.cjs', `exports.__esModule = true; exports.default = ${MAP_TARGET};`);
    const typed = file('store.ts', `const target: object = ${MAP_TARGET}; export default target;`);
    for (const path of [cjs, transpiled, typed]) {
      const { code, stderr } = await runBin(path, '--only', 'B2');
      expect({ path, code, stderr }).toMatchObject({ code: 0 });
    }
  });

  it('helps, and tells its version', async () => {
    const help = await runBin('--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: nasc-conformance <file>/);
    expect(await runBin('--version')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+/),
      stderr: '',
    });
  });
});
