import { describe, expect, it } from 'vitest';
import { holmAdjust, pairsMinForFamily } from './multiplicity.ts';
import { signedRankPValue } from './signedRank.ts';

describe('Holm', () => {
  it('matches p.adjust(c(.01, .04, .03, .005), "holm") worked by hand, in the order given', () => {
    const adjusted = holmAdjust([0.01, 0.04, 0.03, 0.005]);
    for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(adjusted[i]).toBeCloseTo(expected, 12);
  });

  it('never lowers a p-value, never passes 1, leaves a single test alone', () => {
    expect(holmAdjust([0.03])).toEqual([0.03]);
    expect(holmAdjust([0.6, 0.9])).toEqual([1, 1]);
    expect(holmAdjust([])).toEqual([]);
  });

  it('knows how many pairs a family needs', () => {
    const allPositive = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
    for (const family of [1, 5, 30]) {
      const pairs = pairsMinForFamily(family);
      expect(signedRankPValue(allPositive(pairs)) * family).toBeLessThanOrEqual(0.05);
      expect(signedRankPValue(allPositive(pairs - 1)) * family).toBeGreaterThan(0.05);
    }
  });
});
