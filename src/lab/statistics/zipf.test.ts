import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { fitZipf, logPowerSum, zipfTopShare } from './zipf.ts';

/** Draws ranks by inverting the exact cumulative distribution, summed term by term: an oracle without shared code. */
function sampleZipf(prng: Prng, keys: number, exponent: number, samples: number): Map<number, number> {
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let k = 1; k <= keys; k++) {
    sum += k ** -exponent;
    cumulative[k - 1] = sum;
  }
  const counts = new Map<number, number>();
  for (let i = 0; i < samples; i++) {
    const u = prng.float() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > u) high = middle;
      else low = middle + 1;
    }
    counts.set(low + 1, (counts.get(low + 1) ?? 0) + 1);
  }
  return counts;
}

describe('zipf', () => {
  it.each([-0.5, 0, 0.5, 0.99, 1, 1.0001, 1.21, 3])(
    'sums k^-s with Euler-Maclaurin as term by term, s = %f',
    (s) => {
      for (const power of [0, 1, 2] as const) {
        let sum = 0;
        for (let k = 1; k <= 200_000; k++) sum += k ** -s * Math.log(k) ** power;
        expect(logPowerSum(200_000, s, power) / sum, `power ${power}`).toBeCloseTo(1, 9);
      }
    },
  );

  it.each([0, 0.7, 0.99, 1, 1.21])('recovers the exponent %f within its standard error', (exponent) => {
    const seed = 123;
    const prng = new Prng(seed);
    const fit = fitZipf(sampleZipf(prng, 50_000, exponent, 40_000), 50_000);
    expect(Math.abs(fit.exponent - exponent), `seed ${seed}`).toBeLessThan(4 * fit.standardError);
    expect(fit.standardError).toBeLessThan(0.01);
    expect(fit.samples).toBe(40_000);
  });

  it('claims the right standard error', () => {
    const seed = 9;
    const prng = new Prng(seed);
    const scores: number[] = [];
    for (let run = 0; run < 150; run++) {
      const fit = fitZipf(sampleZipf(prng, 1000, 0.9, 500), 1000);
      scores.push(((fit.exponent - 0.9) / fit.standardError) ** 2);
    }
    const meanSquare = scores.reduce((sum, x) => sum + x, 0) / scores.length;
    expect(meanSquare, `seed ${seed}`).toBeGreaterThan(0.7);
    expect(meanSquare, `seed ${seed}`).toBeLessThan(1.4);
  });

  it('tells the share of the popular keys', () => {
    expect(zipfTopShare(10, 10, 0.99)).toBe(1);
    expect(zipfTopShare(100, 1000, 0)).toBeCloseTo(0.1, 12);
    expect(zipfTopShare(1, 3, 1)).toBeCloseTo(6 / 11, 12);
  });

  it('refuses ranks that cannot be', () => {
    expect(() => fitZipf([[0, 1]], 10)).toThrow(RangeError);
    expect(() => fitZipf([[11, 1]], 10)).toThrow(RangeError);
    expect(() => fitZipf([[1, 1]], 1)).toThrow(RangeError);
    expect(fitZipf([], 10).samples).toBe(0);
  });
});
