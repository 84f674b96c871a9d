/** The samplers draw what is declared: against exact probabilities, and the same sequence for the same seed. */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { fitZipf } from '../statistics/zipf.ts';
import { keySampler } from './keySampler.ts';
import { Permutation } from './permutation.ts';
import { generalizedPareto, valueBytesMaxOf, valueBytesMeanOf, valueSampler } from './valueSampler.ts';
import type { KeyDistribution, ValueSize } from './workload.ts';
import { ZipfSampler } from './zipfSampler.ts';

const seed = 20_260;

describe('zipf', () => {
  it.each([0.27, 0.5, 0.99, 1, 1.21, 2])(
    'draws the first ranks with their exact probabilities, theta %f',
    (theta) => {
      const ranks = 50;
      const draws = 100_000;
      const sampler = new ZipfSampler(new Prng(seed), ranks, theta);
      const counts = new Array<number>(ranks).fill(0);
      for (let i = 0; i < draws; i++) counts[sampler.nextRank()]! += 1;
      const weights = counts.map((_, rank) => (rank + 1) ** -theta);
      const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
      let chiSquare = 0;
      for (const [rank, weight] of weights.entries()) {
        const expected = (draws * weight) / weightSum;
        chiSquare += (counts[rank]! - expected) ** 2 / expected;
      }
      // 49 degrees of freedom: 94.6 is passed by one correct sampler in 10,000.
      expect(chiSquare, `seed ${seed}`).toBeLessThan(94.6);
    },
  );

  it.each([0.27, 0.74, 0.99, 1, 1.21])('follows the exponent over a million ranks, theta %f', (theta) => {
    const ranks = 1_000_000;
    const sampler = new ZipfSampler(new Prng(seed), ranks, theta);
    const drawn = Array.from({ length: 50_000 }, () => [sampler.nextRank() + 1, 1] as const);
    const fit = fitZipf(drawn, ranks);
    expect(Math.abs(fit.exponent - theta), `seed ${seed}`).toBeLessThan(4 * fit.standardError);
    expect(fit.standardError).toBeLessThan(0.02);
  });

  it('draws the only rank there is', () => {
    const sampler = new ZipfSampler(new Prng(seed), 1, 0.99);
    for (let i = 0; i < 100; i++) expect(sampler.nextRank()).toBe(0);
  });
});

describe('permutation', () => {
  it.each([1, 2, 3, 5, 64, 1000, 65_537])('maps 0..%i-1 onto itself, and back', (count) => {
    const permutation = new Permutation(count, seed);
    const seen = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const to = permutation.apply(i);
      seen[to]! += 1;
      expect(permutation.invert(to)).toBe(i);
    }
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  it('inverts at the largest size', () => {
    const permutation = new Permutation(2 ** 31 - 1, seed);
    for (const i of [0, 1, 12_345, 2 ** 31 - 2]) expect(permutation.invert(permutation.apply(i))).toBe(i);
  });

  it('depends on the seed', () => {
    const [one, two] = [new Permutation(1000, 1), new Permutation(1000, 2)];
    const same = Array.from({ length: 1000 }, (_, i) => one.apply(i) === two.apply(i)).filter(Boolean);
    expect(same.length).toBeLessThan(20);
  });
});

describe('keys', () => {
  const distributions: KeyDistribution[] = [
    { kind: 'uniform' },
    { kind: 'zipf', theta: 0.99, scrambled: true },
    { kind: 'zipf', theta: 0.99, scrambled: false },
    { kind: 'hotspot', keyShare: 0.1, trafficShare: 0.9 },
    { kind: 'sequential' },
    { kind: 'latest', theta: 0.99 },
  ];

  it.each(distributions)('$kind stays inside the key space and repeats for a seed', (distribution) => {
    const draw = (): number[] => {
      const sampler = keySampler(distribution, 1000, new Prng(seed), seed);
      return Array.from({ length: 2000 }, () => sampler.next());
    };
    const ids = draw();
    expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 1000)).toBe(true);
    expect(draw()).toEqual(ids);
  });

  it('sequential wraps', () => {
    const sampler = keySampler({ kind: 'sequential' }, 3, new Prng(seed), seed);
    expect(Array.from({ length: 7 }, () => sampler.next())).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('hotspot sends the declared share to the declared keys', () => {
    const sampler = keySampler(
      { kind: 'hotspot', keyShare: 0.1, trafficShare: 0.9 },
      1000,
      new Prng(seed),
      seed,
    );
    const hot = Array.from({ length: 20_000 }, () => sampler.next()).filter((id) => id < 100).length;
    expect(hot / 20_000, `seed ${seed}`).toBeCloseTo(0.9, 1.8);
  });

  it('scrambled zipf: the most frequent id has rank 0 and is not id 0', () => {
    const sampler = keySampler({ kind: 'zipf', theta: 1.2, scrambled: true }, 10_000, new Prng(seed), seed);
    const counts = new Map<number, number>();
    for (let i = 0; i < 20_000; i++) {
      const id = sampler.next();
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const top = [...counts].sort((a, b) => b[1] - a[1])[0]![0];
    expect(sampler.rankOf(top)).toBe(0);
    expect(top).not.toBe(0);
  });

  it('latest reads most what its own section inserted last, and nothing of other sections', () => {
    const sampler = keySampler({ kind: 'latest', theta: 0.99 }, 1000, new Prng(seed), seed);
    sampler.beginSection(3, 7);
    const inserted = Array.from({ length: 50 }, () => sampler.insert());
    expect(inserted.slice(0, 3)).toEqual([1003, 1010, 1017]);
    const counts = new Map<number, number>();
    for (let i = 0; i < 5000; i++) {
      const id = sampler.next();
      if (id >= 1000) expect(inserted).toContain(id);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const top = [...counts].sort((a, b) => b[1] - a[1])[0]![0];
    expect(top).toBe(inserted.at(-1));
  });
});

describe('values', () => {
  const sizes: ValueSize[] = [
    { kind: 'fixed', bytes: 64 },
    { kind: 'uniform', minBytes: 10, maxBytes: 20 },
    {
      kind: 'empirical',
      points: [
        { bytes: 1, weight: 3 },
        { bytes: 100, weight: 1 },
      ],
    },
  ];

  it.each(sizes)('$kind has its mean and respects its maximum', (size) => {
    const draw = valueSampler(size, new Prng(seed));
    const drawn = Array.from({ length: 20_000 }, draw);
    const mean = drawn.reduce((sum, bytes) => sum + bytes, 0) / drawn.length;
    expect(mean / valueBytesMeanOf(size)!, `seed ${seed}`).toBeCloseTo(1, 1.3);
    expect(Math.max(...drawn)).toBe(valueBytesMaxOf(size));
  });

  it('uniform reaches both ends', () => {
    const draw = valueSampler({ kind: 'uniform', minBytes: 3, maxBytes: 5 }, new Prng(seed));
    expect(new Set(Array.from({ length: 200 }, draw))).toEqual(new Set([3, 4, 5]));
  });

  it('generalized Pareto has the quantiles of its formula, the discrete part first', () => {
    expect(generalizedPareto(15, 214.476, 0.348238, 0)).toBe(15);
    // Median of a Pareto: location + scale * (2^shape - 1) / shape.
    expect(generalizedPareto(15, 214.476, 0.348238, 0.5)).toBeCloseTo(
      15 + (214.476 * (2 ** 0.348238 - 1)) / 0.348238,
    );
    expect(generalizedPareto(0, 2, 0, 0.5)).toBeCloseTo(2 * Math.LN2);
    const size: ValueSize = {
      kind: 'generalizedPareto',
      ...{ location: 15, scale: 214.476, shape: 0.348238, maxBytes: 1000 },
      discrete: [{ bytes: 2, share: 0.4 }],
    };
    const draw = valueSampler(size, new Prng(seed));
    const drawn = Array.from({ length: 20_000 }, draw).sort((a, b) => a - b);
    expect(drawn.filter((bytes) => bytes === 2).length / 20_000, `seed ${seed}`).toBeCloseTo(0.4, 1.5);
    expect(drawn.at(-1)).toBe(1000);
    // 70 % of all is the median of the continuous part.
    const median = 15 + (214.476 * (2 ** 0.348238 - 1)) / 0.348238;
    expect(drawn[14_000]! / median).toBeCloseTo(1, 1);
  });
});
