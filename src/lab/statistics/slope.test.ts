import { describe, expect, it } from 'vitest';
import { leastSquares, theilSen } from './slope.ts';
import { robustStandardDeviation } from './spread.ts';

const line = [1, 2, 3, 4, 5].map((x) => ({ x, y: 50 + 88 * x }));

describe('slopes', () => {
  it('both recover a straight line', () => {
    for (const fit of [leastSquares(line), theilSen(line)]) {
      expect(fit.slope).toBeCloseTo(88, 9);
      expect(fit.intercept).toBeCloseTo(50, 9);
    }
  });

  it('least squares matches a worked example', () => {
    // x 1 2 3, y 1 2 2: slope 0.5, intercept 2/3.
    const fit = leastSquares([
      { x: 1, y: 1 },
      { x: 2, y: 2 },
      { x: 3, y: 2 },
    ]);
    expect(fit.slope).toBeCloseTo(0.5, 12);
    expect(fit.intercept).toBeCloseTo(2 / 3, 12);
  });

  it('only Theil-Sen shrugs off an allocator step at one point', () => {
    const bent = [...line.slice(0, 4), { x: 5, y: 2000 }];
    expect(theilSen(bent).slope).toBeCloseTo(88, 9);
    expect(leastSquares(bent).slope).toBeGreaterThan(200);
  });

  it('refuse a single place', () => {
    expect(() =>
      leastSquares([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
    ).toThrow(RangeError);
    expect(() => theilSen([{ x: 1, y: 1 }])).toThrow(RangeError);
  });
});

describe('robust spread', () => {
  it('estimates the standard deviation of normal scores despite an outlier', () => {
    expect(robustStandardDeviation([1, 1, 2, 2, 4, 6, 9])).toBeCloseTo(1.4826, 4);
    expect(robustStandardDeviation([1, 1, 2, 2, 4, 6, 9e9])).toBeCloseTo(1.4826, 4);
  });
});
