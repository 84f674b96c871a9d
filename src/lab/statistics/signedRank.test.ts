import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import {
  type Alternative,
  hodgesLehmann,
  intervalRank,
  signedRankInterval,
  signedRankPValue,
  subsetSumCounts,
  walshAverages,
} from './signedRank.ts';

/**
 * Independent oracle: enumerates all 2^n sign patterns of the observed absolute values, ranks by counting
 * (1 + smaller ones + half of the other equal ones), and compares rank sums. Shares no code with the implementation.
 */
function bruteForcePValue(differences: number[], alternative: Alternative): number {
  const sizes = differences.map(Math.abs);
  const rankOf = (size: number) =>
    0.5 + sizes.filter((s) => s < size).length + sizes.filter((s) => s === size).length / 2;
  const nonZero = sizes.filter((size) => size > 0);
  const observed = differences.filter((d) => d > 0).reduce((sum, d) => sum + rankOf(d), 0);
  let atMost = 0;
  let atLeast = 0;
  for (let pattern = 0; pattern < 2 ** nonZero.length; pattern++) {
    let sum = 0;
    for (const [bit, size] of nonZero.entries()) if ((pattern >> bit) & 1) sum += rankOf(size);
    if (sum <= observed + 1e-9) atMost += 1;
    if (sum >= observed - 1e-9) atLeast += 1;
  }
  const lower = atMost / 2 ** nonZero.length;
  const upper = atLeast / 2 ** nonZero.length;
  if (alternative === 'less') return lower;
  if (alternative === 'greater') return upper;
  return Math.min(1, 2 * Math.min(lower, upper));
}

/** Hollander & Wolfe's depression scale data, the example of R's `?wilcox.test`. */
const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const depression = before.map((x, i) => x - after[i]!);

describe('signed-rank p-value', () => {
  it('gives what R prints for its own example (V = 40, p = 0.01953 one-sided)', () => {
    expect(signedRankPValue(depression, 0, 'greater')).toBeCloseTo(10 / 512, 12);
    expect(signedRankPValue(depression)).toBeCloseTo(20 / 512, 12);
  });

  it.each(['two-sided', 'greater', 'less'] as const)('equals full enumeration, %s', (alternative) => {
    const seed = 11;
    const prng = new Prng(seed);
    for (let round = 0; round < 40; round++) {
      const n = 1 + prng.below(10);
      const differences = Array.from({ length: n }, () => prng.float() - 0.4);
      expect(signedRankPValue(differences, 0, alternative), `seed ${seed}, round ${round}`).toBeCloseTo(
        bruteForcePValue(differences, alternative),
        12,
      );
    }
  });

  it('equals full enumeration with ties and zeros', () => {
    const seed = 12;
    const prng = new Prng(seed);
    for (let round = 0; round < 60; round++) {
      const n = 1 + prng.below(10);
      const differences = Array.from({ length: n }, () => prng.below(7) - 3);
      expect(signedRankPValue(differences), `seed ${seed}, ${differences}`).toBeCloseTo(
        bruteForcePValue(differences, 'two-sided'),
        12,
      );
    }
  });

  it('cannot fall below 0.05 with five pairs and can with six', () => {
    expect(signedRankPValue([1, 2, 3, 4, 5])).toBe(0.0625);
    expect(signedRankPValue([1, 2, 3, 4, 5, 6])).toBe(0.03125);
  });

  it('is 1 without any difference', () => {
    expect(signedRankPValue([])).toBe(1);
    expect(signedRankPValue([0, 0, 0])).toBe(1);
    expect(signedRankPValue([2, 2, 2], 2)).toBe(1);
  });

  it('is close to exact beyond fifty pairs, by a direct recursion on probabilities', () => {
    const seed = 5;
    const prng = new Prng(seed);
    for (const centre of [0.5, 0.46, 0.42]) {
      const differences = Array.from({ length: 60 }, () => prng.float() - centre);
      const bySize = [...differences].sort((a, b) => Math.abs(a) - Math.abs(b));
      const observed = bySize.reduce((sum, x, i) => sum + (x > 0 ? i + 1 : 0), 0);
      // P(sum of positive ranks = s), rank by rank; plain because 60 ranks need no exact integers here.
      let probability = new Map([[0, 1]]);
      for (let rank = 1; rank <= 60; rank++) {
        const next = new Map<number, number>();
        for (const [sum, p] of probability) {
          next.set(sum, (next.get(sum) ?? 0) + p / 2);
          next.set(sum + rank, (next.get(sum + rank) ?? 0) + p / 2);
        }
        probability = next;
      }
      let upper = 0;
      for (const [sum, p] of probability) if (sum >= observed) upper += p;
      expect(Math.abs(signedRankPValue(differences, 0, 'greater') - upper), `seed ${seed}`).toBeLessThan(
        0.002,
      );
    }
  });
});

describe('null distribution', () => {
  it('counts the known numbers of subsets of 1..n', () => {
    expect([...subsetSumCounts([1, 2, 3])]).toEqual([1, 1, 1, 2, 1, 1, 1]);
    const counts = subsetSumCounts(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2 ** 50);
    expect(counts[3]).toBe(2);
  });

  it('chooses the tabulated ranks (Hollander & Wolfe table A.4)', () => {
    // Largest c with P(W <= c) <= 0.025 is 0, 2, 5, 8, 13, 25, 52 for these n; the interval takes the (c + 1)-th average.
    const tabulated = { 6: 0, 7: 2, 9: 5, 10: 8, 12: 13, 15: 25, 20: 52 };
    for (const [pairs, c] of Object.entries(tabulated)) {
      expect(intervalRank(Number(pairs)).rank, `${pairs} pairs`).toBe(c + 1);
    }
  });

  it('says what confidence few pairs really give', () => {
    expect(intervalRank(5)).toEqual({ rank: 1, confidence: 0.9375 });
    expect(intervalRank(2)).toEqual({ rank: 1, confidence: 0.5 });
    expect(intervalRank(1)).toEqual({ rank: 1, confidence: 0 });
    expect(intervalRank(6).confidence).toBe(0.96875);
    expect(intervalRank(60).confidence).toBeGreaterThanOrEqual(0.95);
    expect(intervalRank(60).confidence).toBeLessThan(0.952);
  });
});

describe('interval', () => {
  it('holds exactly the shifts that the test does not reject', () => {
    const seed = 21;
    const prng = new Prng(seed);
    for (let round = 0; round < 20; round++) {
      const differences = Array.from({ length: 6 + prng.below(9) }, () => (prng.float() - 0.5) ** 3);
      const { low, high } = signedRankInterval(differences);
      const message = `seed ${seed}, round ${round}`;
      const step = 1e-7;
      expect(signedRankPValue(differences, low + step), message).toBeGreaterThan(0.05);
      expect(signedRankPValue(differences, high - step), message).toBeGreaterThan(0.05);
      expect(signedRankPValue(differences, low - step), message).toBeLessThanOrEqual(0.05);
      expect(signedRankPValue(differences, high + step), message).toBeLessThanOrEqual(0.05);
    }
  });

  it('has the Hodges-Lehmann estimate inside, worked by hand', () => {
    expect([...walshAverages([1, 2, 6])]).toEqual([1, 1.5, 2, 3.5, 4, 6]);
    expect(hodgesLehmann([1, 2, 6])).toBe(2.75);
    const interval = signedRankInterval([1, 2, 6]);
    expect(interval).toEqual({ estimate: 2.75, low: 1, high: 6, confidence: 0.75 });
    expect(() => hodgesLehmann([])).toThrow(RangeError);
  });

  it('matches the depression example worked over all 45 averages', () => {
    const interval = signedRankInterval(depression);
    // 45 averages, c = 5: the 6th from either end, and the 23rd in the middle.
    const sorted = depression
      .flatMap((x, i) => depression.slice(i).map((y) => (x + y) / 2))
      .sort((a, b) => a - b);
    expect(interval.low).toBe(sorted[5]);
    expect(interval.high).toBe(sorted[39]);
    expect(interval.estimate).toBeCloseTo(0.46, 10);
  });
});
