/**
 * Memory per key: the slope of memory over key counts, so that a runtime's floor does not pass for the keys' cost.
 *
 * The estimate is least squares over resident memory and, apart, over the server's own accounting. Theil-Sen stands beside it:
 * the two part where memory grew in a step (a table that doubled between two counts), and then neither slope is the whole
 * truth. Read memory at a million keys and more, after a collection; below, steps dominate.
 */
import type { MemoryFit } from '../experiments/result.ts';
import { leastSquares, theilSen } from '../statistics/slope.ts';

export interface MemoryFitDeclaration {
  experimentId: string;
  targetId: string;
  label: string;
  keyBytes: number;
  valueBytes: number;
  ttl: boolean;
}

export interface MemoryFitWithCheck extends MemoryFit {
  /** Median of the pairwise slopes of resident memory. */
  slopeRssTheilSenBytesPerKey: number;
}

/** Fits the points, which need two different key counts at least (RangeError). The accounted slope needs it in every point. */
export function fitMemory(
  points: MemoryFit['points'],
  declaration: MemoryFitDeclaration,
): MemoryFitWithCheck {
  const sorted = [...points].sort((a, b) => a.keys - b.keys);
  const resident = sorted.map(({ keys, rssBytes }) => ({ x: keys, y: rssBytes }));
  const accounted = sorted.flatMap(({ keys, accountedBytes }) =>
    accountedBytes === undefined ? [] : [{ x: keys, y: accountedBytes }],
  );
  const { slope, intercept } = leastSquares(resident);
  return {
    ...declaration,
    points: sorted,
    slopeRssBytesPerKey: slope,
    ...(accounted.length === sorted.length
      ? { slopeAccountedBytesPerKey: leastSquares(accounted).slope }
      : {}),
    overheadBytesPerKey: slope - declaration.keyBytes - declaration.valueBytes,
    interceptRssBytes: intercept,
    slopeRssTheilSenBytesPerKey: theilSen(resident).slope,
  };
}
