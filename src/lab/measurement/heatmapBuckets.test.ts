import { expect, it } from 'vitest';
import { heatmapBucket, heatmapBucketLowUs } from './heatmapBuckets.ts';

it('buckets for heatmaps are quarter octaves from a microsecond on', () => {
  expect([0, 500, 999, 1000, 1189].map(heatmapBucket)).toEqual([0, 0, 0, 0, 0]);
  expect([1190, 2000, 2378, 2379, 1_024_000].map(heatmapBucket)).toEqual([1, 4, 4, 5, 40]);
  for (let bucket = 1; bucket < 100; bucket++) {
    const edgeNs = 1000 * heatmapBucketLowUs(bucket);
    expect(heatmapBucket(edgeNs * 1.0001)).toBe(bucket);
    expect(heatmapBucket(edgeNs * 0.9999)).toBe(bucket - 1);
  }
});
