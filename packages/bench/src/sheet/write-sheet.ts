import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import type { Results } from '../results.ts';
import { markdownSheet } from './markdown-sheet.ts';
import { drawPlots } from './plots.ts';

/** Write results, plots and sheet into a folder, in place of those that are there. */
export async function writeSheet(folder: string, results: Results): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    if (file.endsWith('.svg')) rmSync(join(folder, file));
  }
  const plots = await drawPlots(results);
  for (const { file, svg } of plots) writeFileSync(join(folder, file), `${svg}\n`);
  writeFileSync(
    join(folder, 'README.md'),
    await format(markdownSheet(results, plots), { parser: 'markdown' }),
  );
  writeFileSync(join(folder, 'results.json'), await resultsJson(results));
}

/** As it is committed: formatted, four digits that count. */
export function resultsJson(results: Results): Promise<string> {
  const round = (_key: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return format(JSON.stringify(results, round), { parser: 'json', printWidth: 110 });
}
