import { fitGrowth } from './fit-growth';

const points = (cost: (items: number) => number) =>
  [1, 10, 100, 1_000, 10_000].map((items) => ({ items, value: cost(items) }));

describe('fitGrowth', () => {
  it.each<[string, (items: number) => number, number]>([
    ['constant', () => 3, 0],
    ['linear', (items) => 2 * items, 1],
    ['square', (items) => items ** 2, 2],
    ['a root', (items) => Math.sqrt(items), 0.5],
  ])('finds the exponent: %s', (_name, cost, exponent) => {
    const fit = fitGrowth(points(cost));
    expect(fit.exponent).toBeCloseTo(exponent, 9);
    expect(fit.tail).toBeCloseTo(exponent, 9);
  });

  it('finds the slope and, at the end, the exponent behind a constant', () => {
    const fit = fitGrowth(points((items) => 50 + items));
    expect(fit.slope).toBeCloseTo(1, 9);
    expect(fit.exponent).toBeLessThan(0.7);
    expect(fit.tail).toBeGreaterThan(0.95);
  });
});
