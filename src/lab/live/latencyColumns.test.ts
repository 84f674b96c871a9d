import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatmapBucketLowUs } from '../measurement/heatmapBuckets.ts';
import { columnOf, latencyRangeUs, merged, quantilesUs } from './latencyColumns.ts';

/** Counts by bucket. */
const counts = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 });
const columnFrom = (bucketCounts: number[]) =>
  columnOf({
    startMs: 0,
    durationMs: 100,
    count: bucketCounts.reduce((sum, times) => sum + times, 0),
    bucketCounts,
  });

describe('latency columns', () => {
  it('keep what holds anything', () => {
    expect(columnFrom([0, 3, 0, 0, 2])).toEqual({ durationMs: 100, count: 5, buckets: [1, 3, 4, 2] });
  });

  it('give each quantile from the bucket in which it lies, in order', () => {
    fc.assert(
      fc.property(counts, (bucketCounts) => {
        const column = columnFrom(bucketCounts);
        fc.pre(column.count > 0);
        const values = quantilesUs(column, [0.5, 0.99, 0.999]) as number[];
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        for (const [which, quantile] of [0.5, 0.99, 0.999].entries()) {
          let below = 0;
          const bucket = bucketCounts.findIndex((times) => {
            below += times;
            return times > 0 && below >= quantile * column.count;
          });
          expect(values[which]).toBeGreaterThanOrEqual(heatmapBucketLowUs(bucket));
          expect(values[which]).toBeLessThanOrEqual(heatmapBucketLowUs(bucket + 1));
        }
      }),
    );
  });

  it('have no quantile without requests', () => {
    expect(quantilesUs(columnFrom([0, 0]), [0.5, 0.99])).toEqual([null, null]);
  });

  it('merge to the sum of their counts', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const sum = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));
        expect(merged([columnFrom(a), columnFrom(b)])).toEqual({ ...columnFrom(sum), durationMs: 200 });
      }),
    );
  });

  it('span from the first bucket that holds anything to the end of the last', () => {
    expect(
      latencyRangeUs([columnFrom([0]), columnFrom([0, 0, 0, 0, 1]), columnFrom([0, 0, 0, 0, 0, 0, 0, 2])]),
    ).toEqual([2, 4]);
    expect(latencyRangeUs([columnFrom([0])])).toBeUndefined();
  });
});
