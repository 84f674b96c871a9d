import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import {
  checkAtMost,
  checkMix,
  checkQuantity,
  checkShare,
  checkZipf,
  chiSquaredTest,
} from './declaredShares.ts';

describe('chi-squared', () => {
  it('matches a worked example', () => {
    // A die thrown 60 times: statistic 0.1 * (25 + 4 + 1 + 4 + 1 + 25) = 6, 5 degrees of freedom; R: pchisq(6, 5, lower = F).
    const test = chiSquaredTest([5, 8, 9, 12, 11, 15], new Array(6).fill(1 / 6));
    expect(test.statistic).toBeCloseTo(6, 12);
    expect(test.degreesOfFreedom).toBe(5);
    expect(test.pValue).toBeCloseTo(0.3062189, 6);
  });

  it('pools rare cells and forbids impossible ones', () => {
    expect(chiSquaredTest([98, 1, 1], [0.98, 0.01, 0.01]).degreesOfFreedom).toBe(1);
    expect(chiSquaredTest([98, 1], [1, 0]).pValue).toBe(0);
    expect(chiSquaredTest([3], [1]).pValue).toBe(1);
  });
});

describe('certificate checks', () => {
  it('passes a million requests a hair off, and refuses what is off by more than the tolerance', () => {
    expect(checkShare('hit-rate', 0.9, { hits: 900_600, total: 1_000_000 }).ok).toBe(true);
    expect(checkShare('hit-rate', 0.9, { hits: 885_000, total: 1_000_000 }).ok).toBe(false);
    expect(checkShare('hit-rate', 1, { hits: 100_000, total: 1_000_000 })).toEqual({
      id: 'hit-rate',
      declared: '100.00 %',
      observed: '10.00 % of 1000000',
      ok: false,
    });
  });

  it('allows small samples their chance, and nothing observed does not pass', () => {
    expect(checkShare('hit-rate', 0.5, { hits: 32, total: 50 }).ok).toBe(true);
    expect(checkShare('hit-rate', 0.5, { hits: 45, total: 50 }).ok).toBe(false);
    expect(checkShare('hit-rate', 0.5, { hits: 0, total: 0 }).ok).toBe(false);
  });

  it('refuses an honest block about once in a thousand', () => {
    const seed = 14;
    const prng = new Prng(seed);
    let refused = 0;
    for (let run = 0; run < 2000; run++) {
      let hits = 0;
      for (let i = 0; i < 200; i++) if (prng.float() < 0.7) hits += 1;
      if (!checkShare('hit-rate', 0.7, { hits, total: 200 }, 0).ok) refused += 1;
    }
    expect(refused, `seed ${seed}`).toBeLessThanOrEqual(10);
  });

  it('judges a command mix by name', () => {
    const declared = { get: 1, set: 1 };
    expect(checkMix('command-mix', declared, { get: 50_100, set: 49_900 }).ok).toBe(true);
    expect(checkMix('command-mix', declared, { get: 55_000, set: 45_000 }).ok).toBe(false);
    expect(checkMix('command-mix', declared, { get: 50_000, set: 49_999, del: 1 }).ok).toBe(false);
    expect(checkMix('command-mix', declared, { get: 100_000 }).ok).toBe(false);
    expect(checkMix('command-mix', declared, {}).ok).toBe(false);
    expect(checkMix('command-mix', declared, { get: 50_000, set: 50_000 }).observed).toBe(
      'get 50.00 %, set 50.00 % of 100000 (chi-squared p 1.0)',
    );
  });

  it('judges quantities and limits', () => {
    expect(checkQuantity('achieved-rate', 40_000, 39_700, 0.01, 'ops/s').ok).toBe(true);
    expect(checkQuantity('achieved-rate', 40_000, 39_500, 0.01, 'ops/s').ok).toBe(false);
    expect(checkQuantity('achieved-rate', 40_000, Number.NaN, 0.01, 'ops/s').ok).toBe(false);
    expect(checkAtMost('generator-cpu', 0.7, 0.65, 'of a CPU').ok).toBe(true);
    expect(checkAtMost('generator-cpu', 0.7, 0.71, 'of a CPU').ok).toBe(false);
    expect(checkAtMost('generator-cpu', 0.7, Number.NaN, 'of a CPU').ok).toBe(false);
  });

  it('finds a zipf option that was ignored', () => {
    const seed = 77;
    const prng = new Prng(seed);
    const uniformCounts = Array.from({ length: 5000 }, () => [1 + prng.below(1000), 1] as const);
    expect(checkZipf('key-distribution', 0.99, uniformCounts, 1000).ok, `seed ${seed}`).toBe(false);
    expect(checkZipf('key-distribution', 0, uniformCounts, 1000).ok, `seed ${seed}`).toBe(true);
  });
});
