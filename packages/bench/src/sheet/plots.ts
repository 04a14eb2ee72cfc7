import { parse, View, type Spec } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { timeOf } from '../harness/summary.ts';
import type { Results } from '../results.ts';

/** A picture of the sheet. */
export interface Plot {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

interface Point {
  readonly series: string;
  readonly items: number;
  readonly value: number;
}

/** Log-log, cost against size; only of what was measured. */
export async function drawPlots(results: Results): Promise<Plot[]> {
  const wanted = [
    ...(['readme', 'fsync', 'relaxed'] as const).map((setup) => ({
      file: `persist-${setup}.svg`,
      title: `Persist one toggle, ${setup === 'readme' ? 'each as its README sets it up' : setup}`,
      unit: 'ms per write',
      points: cellPoints(results, (cell) => cell.group === 'persist' && cell.setup === setup),
    })),
    {
      file: 'load.svg',
      title: 'Load, repeatedly',
      unit: 'ms per load',
      points: cellPoints(results, ({ group, work }) => group === 'load' && work === 'repeated'),
    },
    {
      file: 'mapped-toggle.svg',
      title: 'One toggle in normalised tables, relaxed',
      unit: 'ms per write',
      points: cellPoints(results, (cell) => cell.group === 'mapped' && cell.work === 'toggle' && cell.setup === 'relaxed'),
    },
    ...['rows', 'bytes written', 'processor time'].map((cost) => ({
      file: `growth-${cost.replaceAll(' ', '-')}.svg`,
      title: `Growth of a toggle: ${cost}`,
      unit: results.growth.find((one) => one.cost === cost)?.unit ?? '',
      points: growthPoints(results, cost),
    })),
  ]; // prettier-ignore
  const drawn = wanted.filter(({ points }) => points.length > 0);
  return Promise.all(
    drawn.map(async ({ file, title, unit, points }) => ({
      file,
      title,
      svg: await draw(title, unit, points),
    })),
  );
}

function cellPoints(results: Results, matches: (cell: Results['cells'][number]) => boolean): Point[] {
  return results.cells
    .filter((cell) => cell.rounds.length > 0 && matches(cell))
    .map((cell) => ({ series: cell.subject, items: cell.items, value: timeOf(cell).median }));
}

function growthPoints({ growth }: Results, wanted: string): Point[] {
  return growth
    .filter(({ cost, work }) => cost === wanted && work === 'toggle')
    .flatMap(({ subject, exponent, points }) =>
      points.map(({ items, value }) => ({
        series: `${subject}, ~ n^${exponent.toFixed(2)}`,
        items,
        // A logarithmic scale has no zero.
        value: Math.max(value, 0.1),
      })),
    );
}

async function draw(title: string, unit: string, points: readonly Point[]): Promise<string> {
  const axis = { type: 'quantitative', scale: { type: 'log' } } as const;
  const spec: TopLevelSpec = {
    title,
    width: 520,
    height: 300,
    background: 'white',
    data: { values: [...points] },
    mark: { type: 'line', point: true },
    encoding: {
      x: { ...axis, field: 'items', axis: { title: 'items', values: [1, 10, 100, 1_000, 10_000] } },
      y: { ...axis, field: 'value', axis: { title: unit } },
      color: {
        field: 'series',
        type: 'nominal',
        sort: null,
        legend: { title: null, labelLimit: 500 },
        scale: { scheme: 'dark2' },
      },
    },
  };
  return new View(parse(compile(spec).spec as Spec), { renderer: 'none' }).toSVG();
}
