/**
 * Straight lines through few points, for memory per key: least squares and Theil-Sen.
 *
 * The slope of resident memory over several key counts is what one more key costs; the floor (a runtime's 50 MB, a
 * process's libraries) stays in the intercept. Least squares is the estimate; Theil-Sen, the median of all pairwise
 * slopes, is beside it because one allocator step at the wrong key count bends least squares and not the median.
 * Source: Theil (1950), Sen, JASA 63 (1968). Least squares by simple-statistics.
 */
import { linearRegression } from 'simple-statistics';
import { median } from './spread.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Line {
  slope: number;
  intercept: number;
}

function demandTwoPlaces(points: readonly Point[]): void {
  if (new Set(points.map((point) => point.x)).size < 2) {
    throw new RangeError('a slope needs points at two or more different places');
  }
}

/** Least squares. @throws RangeError without two different x. */
export function leastSquares(points: readonly Point[]): Line {
  demandTwoPlaces(points);
  const { m, b } = linearRegression(points.map(({ x, y }) => [x, y]));
  return { slope: m, intercept: b };
}

/** Median of the slopes between all pairs of points, and the median intercept that goes with it. */
export function theilSen(points: readonly Point[]): Line {
  demandTwoPlaces(points);
  const slopes: number[] = [];
  for (const [i, left] of points.entries()) {
    for (const right of points.slice(i + 1)) {
      if (right.x !== left.x) slopes.push((right.y - left.y) / (right.x - left.x));
    }
  }
  const slope = median(slopes);
  return { slope, intercept: median(points.map(({ x, y }) => y - slope * x)) };
}
