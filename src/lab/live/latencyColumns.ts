/** Latency columns: what is read out of their counts. */
import type { LatencyInterval } from '../experiments/result.ts';
import { heatmapBucketLowUs } from '../measurement/heatmapBuckets.ts';
import type { LatencyColumn } from './sessionEvent.ts';

export function columnOf({ durationMs, count, bucketCounts }: LatencyInterval): LatencyColumn {
  const buckets: number[] = [];
  for (const [bucket, times] of bucketCounts.entries()) if (times > 0) buckets.push(bucket, times);
  return { durationMs, count, buckets };
}

/** Latencies at ascending quantiles, interpolated within their buckets on the logarithmic axis; null without requests. */
export function quantilesUs(
  { count, buckets }: LatencyColumn,
  quantiles: readonly number[],
): (number | null)[] {
  let at = 0;
  let below = 0;
  return quantiles.map((quantile) => {
    if (count === 0) return null;
    const wanted = quantile * count;
    while (at + 2 < buckets.length && below + buckets[at + 1]! < wanted) {
      below += buckets[at + 1]!;
      at += 2;
    }
    return heatmapBucketLowUs(buckets[at]! + Math.min(1, Math.max(0, (wanted - below) / buckets[at + 1]!)));
  });
}

/** All columns as one. */
export function merged(columns: readonly LatencyColumn[]): LatencyColumn {
  const counts = new Map<number, number>();
  let [durationMs, count] = [0, 0];
  for (const column of columns) {
    durationMs += column.durationMs;
    count += column.count;
    for (let i = 0; i < column.buckets.length; i += 2) {
      const bucket = column.buckets[i]!;
      counts.set(bucket, (counts.get(bucket) ?? 0) + column.buckets[i + 1]!);
    }
  }
  return { durationMs, count, buckets: [...counts].sort(([a], [b]) => a - b).flat() };
}

/** From below the fastest request to above the slowest, in microseconds; undefined without any. */
export function latencyRangeUs(columns: readonly LatencyColumn[]): [number, number] | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  for (const { buckets } of columns) {
    if (buckets.length === 0) continue;
    first = Math.min(first, buckets[0]!);
    last = Math.max(last, buckets.at(-2)!);
  }
  return last < 0 ? undefined : [heatmapBucketLowUs(first), heatmapBucketLowUs(last + 1)];
}
