import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import {
  curveQuantiles,
  heatmapBucket,
  heatmapBucketLowUs,
  heatmapInterval,
  percentileCurve,
} from './latencyCurve.ts';
import { LatencyTable } from './latencyTable.ts';

describe('percentile curve', () => {
  it('is spaced evenly on the 1 / (1 - q) axis, about sixty points from minimum to maximum', () => {
    expect(curveQuantiles.length).toBeGreaterThanOrEqual(55);
    expect(curveQuantiles.length).toBeLessThanOrEqual(70);
    expect([curveQuantiles[0], curveQuantiles.at(-1)]).toEqual([0, 1]);
    for (const q of [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999]) expect(curveQuantiles).toContain(q);
    const axis = curveQuantiles.slice(0, -1).map((q) => Math.log10(1 / (1 - q)));
    const gaps = axis.slice(1).map((x, i) => x - axis[i]!);
    expect(Math.max(...gaps)).toBeLessThan(0.1);
    expect(Math.min(...gaps)).toBeGreaterThan(0.02);
    expect(axis.at(-1)).toBeCloseTo(4, 9);
  });

  it('rises from the exact minimum to the exact maximum', () => {
    const seed = 19;
    const prng = new Prng(seed);
    const table = new LatencyTable();
    for (let i = 0; i < 10_000; i++) table.record(Math.floor(20_000 * (1 - prng.float()) ** -0.7));
    const curve = percentileCurve(table);
    expect(curve[0]).toEqual({ q: 0, valueUs: table.minNs / 1000 });
    expect(curve.at(-1)).toEqual({ q: 1, valueUs: table.maxNs / 1000 });
    for (let i = 1; i < curve.length; i++) {
      expect(curve[i]!.valueUs, `seed ${seed}`).toBeGreaterThanOrEqual(curve[i - 1]!.valueUs);
    }
    expect(curve.find((point) => point.q === 0.99)!.valueUs).toBe(table.quantileNs(0.99) / 1000);
    expect(percentileCurve(new LatencyTable())).toEqual([]);
  });
});

describe('heatmap', () => {
  it('has quarter-octave buckets from one microsecond', () => {
    expect([0, 500, 999, 1000, 1189].map(heatmapBucket)).toEqual([0, 0, 0, 0, 0]);
    expect([1190, 2000, 2378, 2379, 1_024_000].map(heatmapBucket)).toEqual([1, 4, 4, 5, 40]);
    for (let bucket = 1; bucket < 80; bucket++) {
      const edgeNs = 1000 * heatmapBucketLowUs(bucket);
      expect(heatmapBucket(edgeNs * 1.0001)).toBe(bucket);
      expect(heatmapBucket(edgeNs * 0.9999)).toBe(bucket - 1);
    }
  });

  it('keeps every count, at most 0.05 % from its exact bucket', () => {
    const seed = 23;
    const prng = new Prng(seed);
    const table = new LatencyTable();
    const exact: number[] = [];
    for (let i = 0; i < 5000; i++) {
      const ns = Math.floor(10 ** (2 + 7 * prng.float()));
      table.record(ns);
      exact.push(ns);
    }
    const interval = heatmapInterval(table, 3000, 1000);
    expect(interval).toMatchObject({ startMs: 3000, durationMs: 1000, count: 5000 });
    expect(interval.bucketCounts.reduce((sum, count) => sum + count, 0)).toBe(5000);
    expect(interval.bucketCounts.at(-1)).toBeGreaterThan(0);
    for (const [bucket, count] of interval.bucketCounts.entries()) {
      // Counts of values that are within a bucket whatever the 0.05 %, and of those that may be in it.
      const surely = exact.filter(
        (ns) => heatmapBucket(ns * 0.9995) === bucket && heatmapBucket(ns * 1.0005) === bucket,
      );
      const maybe = exact.filter(
        (ns) => heatmapBucket(ns * 0.9995) === bucket || heatmapBucket(ns * 1.0005) === bucket,
      );
      expect(count, `seed ${seed}, bucket ${bucket}`).toBeGreaterThanOrEqual(surely.length);
      expect(count, `seed ${seed}, bucket ${bucket}`).toBeLessThanOrEqual(maybe.length);
    }
  });
});
