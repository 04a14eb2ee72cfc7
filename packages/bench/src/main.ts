import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseBenchOptions, usage, UsageError, type BenchOptions } from './bench-options.ts';
import { runBench } from './run-bench.ts';
import { allGroups } from './groups/all-groups.ts';
import { environmentLines } from './sheet/environment-lines.ts';
import { printTables } from './sheet/print-tables.ts';
import { tablesOf } from './sheet/tables.ts';
import { resultsJson, writeSheet } from './sheet/write-sheet.ts';

const docs = join(dirname(fileURLToPath(import.meta.url)), '../../../docs/bench');

async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = parseBenchOptions(
      args,
      allGroups.map(({ name }) => name),
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(usage(allGroups));
    return 0;
  }
  const results = await runBench(options);
  process.stdout.write(`\n${environmentLines(results.environment).join('\n')}\n`);
  process.stdout.write(printTables(tablesOf(results)));
  if (options.json !== undefined) writeFileSync(options.json, await resultsJson(results));
  if (!options.quick && options.only.length === 0) await writeSheet(docs, results);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
