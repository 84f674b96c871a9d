import { describe, expect, it } from 'vitest';
import { chiSquaredUpperTail, normalCdf, normalQuantile } from './distributions.ts';

describe('distributions', () => {
  it('gives the tabulated normal quantiles, both ways', () => {
    // R: qnorm(c(.5, .8, .9, .975, .995))
    const tabulated = { 0.5: 0, 0.8: 0.8416212, 0.9: 1.2815516, 0.975: 1.959964, 0.995: 2.5758293 };
    for (const [p, z] of Object.entries(tabulated)) {
      expect(normalQuantile(Number(p))).toBeCloseTo(z, 5);
      expect(normalQuantile(1 - Number(p))).toBeCloseTo(-z, 5);
      expect(normalCdf(z)).toBeCloseTo(Number(p), 6);
    }
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });

  it('gives the tabulated chi-squared critical values', () => {
    // R: qchisq(.95, c(1, 2, 5, 10, 100)) and qchisq(.01, 10)
    const tabulated = { 1: 3.841459, 2: 5.991465, 5: 11.0705, 10: 18.30704, 100: 124.3421 };
    for (const [df, statistic] of Object.entries(tabulated)) {
      expect(chiSquaredUpperTail(statistic, Number(df))).toBeCloseTo(0.05, 6);
    }
    expect(chiSquaredUpperTail(2.558212, 10)).toBeCloseTo(0.99, 6);
    expect(chiSquaredUpperTail(0, 3)).toBe(1);
    // Two degrees of freedom: exp(-x / 2).
    expect(chiSquaredUpperTail(7, 2)).toBeCloseTo(Math.exp(-3.5), 12);
  });
});
