import { describe, expect, it } from 'vitest';
import { testSeed } from '../../test/seed.ts';
import { BUCKET_COUNT, bucketOf, bucketStartUs, quantileUs, STEPS_PER_OCTAVE } from './latencyBuckets.ts';
import { Prng } from './prng.ts';

const SEED = testSeed();

describe('log-linear buckets', () => {
  it('follow each other without a gap, each at most a sixteenth wide', () => {
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
      const [start, end] = [bucketStartUs(bucket), bucketStartUs(bucket + 1)];
      expect(bucketOf(start)).toBe(bucket);
      expect(bucketOf(end - (end - start) / 100)).toBe(bucket);
      if (bucket >= STEPS_PER_OCTAVE) expect((end - start) / start).toBeLessThanOrEqual(1 / STEPS_PER_OCTAVE);
    }
  });

  it('have edges at the powers of two of a microsecond', () => {
    for (let power = -1; power < 26; power++) {
      const bucket = bucketOf(2 ** power);
      expect(bucketStartUs(bucket)).toBe(2 ** power);
    }
  });

  it('take what is outside their range at its ends', () => {
    expect([Number.NaN, -1, 0].map(bucketOf)).toEqual([0, 0, 0]);
    expect([134e6, 135e6, 1e12, Number.POSITIVE_INFINITY].map(bucketOf)).toEqual([
      bucketOf(134e6),
      BUCKET_COUNT - 1,
      BUCKET_COUNT - 1,
      BUCKET_COUNT - 1,
    ]);
  });

  it(`give quantiles within a bucket of the exact ones, seed ${SEED}`, () => {
    const prng = new Prng(SEED);
    const counts = new Float64Array(BUCKET_COUNT);
    const durations = Array.from({ length: 20_000 }, () => 2 ** (prng.uint32() / 2 ** 28));
    for (const duration of durations) counts[bucketOf(duration)]!++;
    durations.sort((a, b) => a - b);
    for (const quantile of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = durations[Math.ceil(quantile * durations.length) - 1]!;
      expect(Math.abs(quantileUs(counts, quantile) / exact - 1)).toBeLessThan(1 / STEPS_PER_OCTAVE + 0.001);
    }
    expect(quantileUs(new Float64Array(BUCKET_COUNT), 0.5)).toBeNaN();
  });
});
