import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { bootstrapInterval } from './bootstrap.ts';

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

describe('bootstrap', () => {
  it.each([
    [0.95, 1.96],
    [0.8, 1.2816],
  ])('gives the textbook interval of a mean at confidence %f', (confidence, z) => {
    const seed = 13;
    const prng = new Prng(seed);
    const uniform = () => prng.float();
    const sample = Array.from({ length: 400 }, uniform);
    const centre = mean(sample);
    const halfWidth = z * Math.sqrt(mean(sample.map((x) => (x - centre) ** 2)) / sample.length);
    const interval = bootstrapInterval(sample, { uniform, statistic: mean, confidence, resamples: 4000 });
    expect(interval.estimate).toBe(centre);
    expect(interval.confidence).toBe(confidence);
    expect((centre - interval.low) / halfWidth, `seed ${seed}`).toBeCloseTo(1, 1);
    expect((interval.high - centre) / halfWidth, `seed ${seed}`).toBeCloseTo(1, 1);
  });

  it('repeats with the same seed, holds its estimate, and refuses nothing', () => {
    const run = () => {
      const prng = new Prng(2);
      return bootstrapInterval([3, 1, 2], { uniform: () => prng.float(), resamples: 50 });
    };
    expect(run()).toEqual(run());
    expect(run().low).toBeLessThanOrEqual(run().estimate);
    expect(run().high).toBeGreaterThanOrEqual(run().estimate);
    expect(() => bootstrapInterval([], { uniform: () => 0 })).toThrow(RangeError);
    expect(bootstrapInterval([5], { uniform: () => 0.5 })).toMatchObject({ estimate: 5, low: 5, high: 5 });
  });
});
