/**
 * What a report draws from a latency table: the percentile curve, and the coarse buckets of a heatmap.
 *
 * The curve's points are evenly spaced on the axis it is drawn on, log10 of 1 / (1 - q): fifteen a decade from the median's
 * side to p99.99, so that the tail gets as many points as the body. The quantiles are the same for every block, which lets
 * blocks be compared point by point (their values, never averaged within a block).
 */
import type { LatencyInterval, PercentilePoint } from '../experiments/result.ts';
import { bucketHighNs, bucketLowNs, type LatencyTable, latencyTableBuckets } from './latencyTable.ts';

const pointsPerDecade = 15;
/** 1 - 10^-4 = p99.99, the last percentile the lab prints beside the maximum. */
const curveDecades = 4;
/** Percentiles that tables quote: on the curve exactly, whatever the spacing. */
const quotedQuantiles = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999];

/** The curve's quantiles, ascending from 0 (exact minimum) to 1 (exact maximum). */
export const curveQuantiles: readonly number[] = curveAxis();

function curveAxis(): number[] {
  const quantiles = new Set([0, 1, ...quotedQuantiles]);
  for (let step = 1; step < pointsPerDecade * curveDecades; step++) {
    const q = 1 - 10 ** (-step / pointsPerDecade);
    const quoted = quotedQuantiles.some((other) => Math.abs((1 - q) / (1 - other) - 1) < 0.05);
    if (!quoted) quantiles.add(q);
  }
  return [...quantiles].sort((a, b) => a - b);
}

/** The percentile curve in microseconds; empty for an empty table. */
export function percentileCurve(table: LatencyTable): PercentilePoint[] {
  if (table.count === 0) return [];
  const valuesNs = table.quantilesNs(curveQuantiles);
  return curveQuantiles.map((q, i) => ({ q, valueUs: valuesNs[i]! / 1000 }));
}

/** Heatmap bucket of a latency: i covers [2^(i/4), 2^((i+1)/4)) microseconds, and everything below 1 us is in bucket 0. */
export function heatmapBucket(latencyNs: number): number {
  return Math.max(0, Math.floor(4 * Math.log2(latencyNs / 1000)));
}

/** Lower edge of a heatmap bucket in microseconds; bucket 0 also holds what is below it. */
export function heatmapBucketLowUs(bucket: number): number {
  return 2 ** (bucket / 4);
}

/**
 * One interval for a heatmap. A table bucket that straddles an edge goes where its middle lies: at most 0.05 % from where
 * the exact values would have gone. Trailing zeros are left out.
 */
export function heatmapInterval(table: LatencyTable, startMs: number, durationMs: number): LatencyInterval {
  const bucketCounts: number[] = [];
  for (let index = 0; index < latencyTableBuckets; index++) {
    const times = table.counts[index]!;
    if (times === 0) continue;
    const bucket = heatmapBucket((bucketLowNs(index) + bucketHighNs(index)) / 2);
    while (bucketCounts.length <= bucket) bucketCounts.push(0);
    bucketCounts[bucket]! += times;
  }
  return { startMs, durationMs, count: table.count, bucketCounts };
}
