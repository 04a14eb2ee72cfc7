import type { Results } from '../results.ts';
import { environmentLines } from './environment-lines.ts';
import type { Plot } from './plots.ts';
import { tablesOf, type Table } from './tables.ts';

/** The sheet: where, with what, the targets, the plots, every figure. */
export function markdownSheet(results: Results, plots: readonly Plot[]): string {
  const [targets, ...tables] = tablesOf(results);
  return [
    '# The benchmark sheet',
    '',
    'Made by `pnpm bench`; what it measures and how: [packages/bench](../../packages/bench/README.md). A figure is the',
    'median of its rounds, each of which is the median of its runs, with the lowest and the highest round behind it;',
    'times are per operation, columns are items in the list. The subjects take turns, round by round. After each',
    'part, what is stored has been compared with what was written.',
    '',
    ...environmentLines(results.environment).map((line) => `- ${line}`),
    '',
    ...(targets === undefined ? [] : tableLines(targets)),
    ...plots.flatMap(({ file, title }) => [`## ${title}`, '', `![${title}](${file})`, '']),
    ...tables.flatMap(tableLines),
    '## How each is set up',
    '',
    ...setupLines(results),
  ].join('\n');
}

function tableLines({ title, head, rows }: Table): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function setupLines({ setups }: Results): string[] {
  return setups.map(({ subject, setup, how }) => `- ${subject}, \`${setup}\`: ${how}`);
}
