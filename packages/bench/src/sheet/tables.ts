import { allGroups } from '../groups/all-groups.ts';
import type { Cell, Count, Growth, Results } from '../results.ts';
import { formatCell, formatNumber } from './format-value.ts';

/** A table of the sheet, on the terminal as in Markdown. */
export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Everything, the targets first. */
export function tablesOf(results: Results): Table[] {
  return [
    ...verdictTable(results),
    ...allGroups.flatMap(({ name, title }) => [
      ...cellTables(
        title,
        results.cells.filter(({ group }) => group === name),
      ),
      ...countTable(
        title,
        results.counts.filter(({ group }) => group === name),
      ),
      ...(name === 'growth' ? growthTable(results.growth) : []),
    ]),
  ];
}

function verdictTable({ verdicts }: Results): Table[] {
  if (verdicts.length === 0) return [];
  const met = verdicts.filter((verdict) => verdict.met).length;
  return [
    {
      title: `Targets: ${met} of ${verdicts.length} met`,
      head: ['', 'Target', 'Wanted', 'Measured', 'Best against best', ''],
      rows: verdicts.map(({ area, target, wanted, measured, best, met }) => [
        area,
        target,
        wanted,
        measured,
        best,
        met ? 'met' : 'NOT MET',
      ]),
    },
  ];
}

/** A table for each kind of work: a row per subject and set-up, a column per size. */
function cellTables(title: string, cells: readonly Cell[]): Table[] {
  return Object.entries(Object.groupBy(cells, ({ work }) => work)).map(([work, ofWork = []]) => {
    const sizes = [...new Set(ofWork.map(({ items }) => items))];
    const rows = Object.values(Object.groupBy(ofWork, ({ subject, setup }) => `${setup} ${subject}`));
    return {
      title: `${capitalize(work)}: ${title}`,
      head: ['Set-up', 'Subject', ...sizes.map((items) => items.toLocaleString('en'))],
      rows: rows.map((row = []) => [
        row[0]?.setup ?? '',
        row[0]?.subject ?? '',
        ...sizes.map((items) => formatCell(row.find((cell) => cell.items === items))),
      ]),
    };
  });
}

function countTable(title: string, counts: readonly Count[]): Table[] {
  if (counts.length === 0) return [];
  const works = [...new Set(counts.map(({ work, unit }) => `${work} (${unit})`))];
  const rows = Object.entries(Object.groupBy(counts, ({ subject }) => subject));
  return [
    {
      title: capitalize(title),
      head: ['Subject', ...works],
      rows: rows.map(([subject, row = []]) => [subject, ...row.map(({ value }) => formatNumber(value))]),
    },
  ];
}

function growthTable(growth: readonly Growth[]): Table[] {
  if (growth.length === 0) return [];
  const sizes = [...new Set(growth.flatMap(({ points }) => points.map(({ items }) => items)))];
  return [
    {
      title: 'Growth: cost of a change ~ items ^ exponent',
      head: [
        'Subject',
        'Change',
        'Cost',
        ...sizes.map((items) => items.toLocaleString('en')),
        'Exponent',
        '… of the last two',
        'Per item',
      ],
      rows: growth.map(({ subject, work, cost, unit, points, exponent, tail, slope }) => [
        subject,
        work,
        cost,
        ...sizes.map((size) => {
          const value = points.find(({ items }) => items === size)?.value;
          return value === undefined ? '' : formatNumber(value);
        }),
        exponent.toFixed(2),
        tail.toFixed(2),
        `${formatNumber(slope)} ${unit}`,
      ]),
    },
  ];
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
