import type { Store } from '@nasc/store-core';
import { defineTarget, formatReport, runConformance } from '@nasc/store-core/conformance';
import { execFile } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CheckThenAct } from './first-mistakes/check-then-act';
import { KeptReference } from './first-mistakes/kept-reference';
import { LostOrder } from './first-mistakes/lost-order';
import { createRowsWorld, type RowsStoreClass } from './first-mistakes/rows-world';
import { SerialisedLate } from './first-mistakes/serialised-late';
import { FirstTry } from './json-file-store/steps/first-try';
import { Step1 } from './json-file-store/steps/step-1';
import { Step2 } from './json-file-store/steps/step-2';
import { Step3 } from './json-file-store/steps/step-3';
import { temporaryFolder } from './test-support/temporary-folder';

type FileStoreClass = new (folder: string) => Store;

const FILE_STORES: Record<string, FileStoreClass> = { FirstTry, Step1, Step2, Step3 };
const ROWS_STORES: Record<string, RowsStoreClass> = {
  KeptReference,
  SerialisedLate,
  LostOrder,
  CheckThenAct,
};

const GUIDE = join(__dirname, '../../../docs/guides/write-your-own-store.md');
const guide = readFileSync(GUIDE, 'utf8');

/** `<!-- report: Store Rule -->` and the block of text below it; with `…` after the rule, of which only the title is held. */
const REPORTS = /<!-- report: (\w+) (\w+)( …)? -->\n\n```text\n([^`]*(?:`[^`]+)*?)```\n/g;
/** `<!-- file: path -->` and the block of code below it, which leaves out what it has a `// …` for. */
const CODE = /<!-- file: (\S+) -->\n\n```(?:js|ts)\n([\s\S]*?)```\n/g;

/** What the suite says of a store and a rule, as the guide shows it. */
async function reportOf(store: string, rule: string): Promise<string> {
  const report = await runConformance(targetOf(store), { only: [rule] });
  const { id, outcome } = report.results[0]!;
  expect([store, id, outcome]).toEqual([store, rule, 'fail']);
  const [failure] = formatReport(report, 'node prove.js').match(/^FAIL [^]*?(?=\n\n)/m)!;
  return failure
    .split('\n')
    .map((line) => (line.length > 120 ? `${line.slice(0, 119)}…\n` : `${line}\n`))
    .join('');
}

function targetOf(name: string) {
  const FileStore = FILE_STORES[name];
  if (FileStore !== undefined) {
    const open = ({ folder }: { folder: string }): Store => new FileStore(folder);
    const raw = { corrupt: truncateJoined };
    return defineTarget({ name, createWorld: temporaryFolder, open, raw });
  }
  const RowsStore = ROWS_STORES[name]!;
  return defineTarget({ name, createWorld: createRowsWorld, open: (world) => new RowsStore(world) });
}

/** Damage a file of the first try. */
function truncateJoined({ folder }: { folder: string }, type: string, id: string): void {
  truncateSync(join(folder, `${type}:${id}.json`), 7);
}

function unindented(code: string): string {
  return code.trim().replace(/^ +/gm, '');
}

/** The steps as they stand in the reader's one folder, under the one name of the store. */
function asOfReader(source: string): string {
  return source
    .replace(/^export class (FirstTry|Step\d)( extends \w+)?/m, 'export class JsonFileStore')
    .replaceAll("'../", "'./");
}

// It runs rules of the suite, on a machine that may be busy.
jest.setTimeout(120_000);

describe('the guide "Write your own store"', () => {
  it.each([...guide.matchAll(CODE)].map(([, file, code]) => [file!, code!]))(
    'shows code of %s as it is',
    (file, code) => {
      const source = unindented(asOfReader(readFileSync(join(__dirname, file), 'utf8')));
      for (const part of code.split(/^ *\/\/ …\n/m)) expect(source).toContain(unindented(part));
    },
  );

  // NASC_UPDATE_GUIDE=1 writes what the suite says now into the guide.
  it('shows reports as the suite writes them', async () => {
    let now = guide;
    for (const [whole, store, rule, inPart, shown] of guide.matchAll(REPORTS)) {
      const report = await reportOf(store!, rule!);
      const title = report.slice(0, report.indexOf('\n'));
      if (inPart === undefined || shown!.trim() === '')
        now = now.replace(whole, () => whole.replace(`${shown}\`\`\`\n`, () => `${report}\`\`\`\n`));
      else expect(shown!.split('\n')[0]).toBe(title);
    }
    if (process.env['NASC_UPDATE_GUIDE']) writeFileSync(GUIDE, now);
    else expect(guide).toBe(now);
  });

  it('has no block that is not checked', () => {
    const blocks = guide.match(/^```(js|ts|text)$/gm) ?? [];
    expect([...guide.matchAll(CODE), ...guide.matchAll(REPORTS)]).toHaveLength(blocks.length);
  });

  it.each([
    [['B1'], 1],
    [['--only', 'I1', '--seed', '7'], 7],
    // What Durable takes.
    [['--only', 'C10'], 1],
  ])('has a program that proves the store, with the arguments %j', async (argv, seed) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(__dirname, 'json-file-store/prove.js'),
      ...argv,
    ]);
    expect(stdout).toContain(`json-file-store · nasc-conformance/1 · seed ${seed}\n`);
    expect(stdout).toMatch(/^1 pass$/m);
  });
});
