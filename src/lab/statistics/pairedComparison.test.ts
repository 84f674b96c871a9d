import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { normalQuantile } from './distributions.ts';
import { equivalencePValue } from './equivalence.ts';
import { analysePairs, applyHolm, type PairAnalysisOptions, pairedLogRatios } from './pairedComparison.ts';
import {
  detectableShift,
  minimumDetectableEffect,
  pairsNeededToDecide,
  undetectableEffect,
} from './power.ts';
import { signedRankInterval, signedRankPValue } from './signedRank.ts';

function standardNormal(prng: Prng): number {
  return Math.sqrt(-2 * Math.log(1 - prng.float())) * Math.cos(2 * Math.PI * prng.float());
}

/** Student's t with 2 degrees of freedom: infinite variance, the shape of noise on a shared machine. */
function heavyTailed(prng: Prng): number {
  const u = prng.float() || 0.5;
  return (2 * u - 1) / Math.sqrt(2 * u * (1 - u));
}

/** Blocks of two targets on a machine that drifts, B `effect` times A, each with its own noise. */
function simulatePairs(prng: Prng, pairs: number, effect: number, noise: (prng: Prng) => number) {
  const a: number[] = [];
  const b: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const machine = 1_000_000 * Math.exp(0.1 * standardNormal(prng));
    a.push(machine * Math.exp(noise(prng)));
    b.push(machine * effect * Math.exp(noise(prng)));
  }
  return { a, b };
}

const options = (prng: Prng): PairAnalysisOptions => ({
  metric: 'throughput-ops-per-sec',
  uniform: () => prng.float(),
  bootstrapResamples: 200,
});

describe('simulated sessions', () => {
  it('an A/A comparison reports no difference in at least 95 % of 40 simulated runs', () => {
    const seed = 2026;
    const prng = new Prng(seed);
    let silent = 0;
    for (let run = 0; run < 40; run++) {
      const { a, b } = simulatePairs(prng, 12, 1, (p) => 0.01 * heavyTailed(p));
      const { verdict } = analysePairs(a, b, options(prng));
      if (verdict === 'no-effect' || verdict === 'undecided') silent += 1;
    }
    expect(silent, `seed ${seed}`).toBeGreaterThanOrEqual(38);
  });

  it('finds an effect where there is none in no more than 5 % of 2,000 runs, before any margin', () => {
    const seed = 4;
    const prng = new Prng(seed);
    let found = 0;
    for (let run = 0; run < 2000; run++) {
      const { a, b } = simulatePairs(prng, 6 + (run % 10), 1, (p) => 0.05 * heavyTailed(p));
      const logRatios = pairedLogRatios(a, b);
      const { low, high } = signedRankInterval(logRatios);
      const excludesNone = low > 0 || high < 0;
      expect(excludesNone).toBe(signedRankPValue(logRatios) <= 0.05);
      if (excludesNone) found += 1;
    }
    // True level 3 to 5 % by the exact distribution's steps; three standard errors of 2,000 runs above 5 % is 6.5 %.
    expect(found / 2000, `seed ${seed}`).toBeLessThan(0.055);
    expect(found / 2000, `seed ${seed}`).toBeGreaterThan(0.02);
  });

  it.each([
    ['heavy-tailed', heavyTailed],
    ['normal', standardNormal],
  ] as const)('covers the true ratio in at least 93 %% of runs with %s noise', (_, noise) => {
    const seed = 99;
    const prng = new Prng(seed);
    let covered = 0;
    for (let run = 0; run < 1000; run++) {
      const { a, b } = simulatePairs(prng, 12, 1.07, (p) => 0.02 * noise(p));
      const { low, high } = signedRankInterval(pairedLogRatios(a, b));
      if (low <= Math.log(1.07) && Math.log(1.07) <= high) covered += 1;
    }
    expect(covered / 1000, `seed ${seed}`).toBeGreaterThanOrEqual(0.93);
    expect(covered / 1000, `seed ${seed}`).toBeLessThan(0.99);
  });

  it('finds a known 5 % effect, with the right sign for either direction of good', () => {
    const seed = 31;
    const prng = new Prng(seed);
    const { a, b } = simulatePairs(prng, 14, 1.05, (p) => 0.008 * heavyTailed(p));
    const throughput = analysePairs(a, b, options(prng));
    expect(throughput.verdict, `seed ${seed}`).toBe('improvement');
    expect(throughput.ratio.low).toBeLessThan(1.05);
    expect(throughput.ratio.high).toBeGreaterThan(1.05);
    expect(throughput.summary).toMatch(/^B is \d\.\d % faster \(/);
    const latency = analysePairs(a, b, { ...options(prng), metric: 'latency-p99-us' });
    expect(latency.verdict, `seed ${seed}`).toBe('regression');
    expect(latency.summary).toMatch(/^B has a \d\.\d % higher p99 latency \(/);
    const swapped = analysePairs(b, a, options(prng));
    expect(swapped.verdict).toBe('regression');
    expect(swapped.ratio.estimate).toBeCloseTo(1 / throughput.ratio.estimate, 12);
  });

  it('has a bootstrap that agrees with the exact interval on quiet data', () => {
    const prng = new Prng(8);
    const { a, b } = simulatePairs(prng, 16, 1.1, (p) => 0.02 * standardNormal(p));
    const { ratio, ratioBootstrap } = analysePairs(a, b, options(prng));
    expect(ratioBootstrap.estimate).toBe(ratio.estimate);
    expect(Math.abs(ratioBootstrap.low - ratio.low)).toBeLessThan(0.01);
    expect(Math.abs(ratioBootstrap.high - ratio.high)).toBeLessThan(0.01);
  });

  it('repeats to the last digit with the same seed', () => {
    const run = () => {
      const prng = new Prng(77);
      const { a, b } = simulatePairs(prng, 9, 1.02, standardNormal);
      return analysePairs(a, b, options(prng));
    };
    expect(run()).toEqual(run());
  });
});

describe('equivalence', () => {
  it('is the larger of two one-sided tests, worked by hand', () => {
    // All six log-ratios within the margin: each one-sided p is 1 / 2^6.
    expect(equivalencePValue([-0.01, -0.005, 0, 0.004, 0.006, 0.011])).toBe(1 / 64);
    expect(equivalencePValue([0.1, 0.11, 0.12, 0.13, 0.14, 0.15])).toBe(1);
    // One of six above the upper margin, and as far out as to rank 6th of 6 there.
    expect(equivalencePValue([-0.01, -0.005, 0, 0.004, 0.006, 0.2], 0.03)).toBeCloseTo(
      signedRankPValue([-0.04, -0.035, -0.03, -0.026, -0.024, 0.17], 0, 'less'),
      12,
    );
  });

  it('rejects equivalence wrongly in at most 5 % of runs at the margin itself', () => {
    const seed = 41;
    const prng = new Prng(seed);
    let wrong = 0;
    for (let run = 0; run < 2000; run++) {
      const logRatios = Array.from({ length: 12 }, () => Math.log(1.03) + 0.01 * heavyTailed(prng));
      if (equivalencePValue(logRatios) < 0.05) wrong += 1;
    }
    expect(wrong / 2000, `seed ${seed}`).toBeLessThan(0.06);
    expect(wrong / 2000, `seed ${seed}`).toBeGreaterThan(0.02);
  });
});

describe('power', () => {
  it.each([6, 12, 20])(
    'an effect of the minimum detectable size is found 80 %% of the time with %i pairs',
    (pairs) => {
      const seed = 55;
      const prng = new Prng(seed);
      // A large pilot sample, so that only the method is tested and not the luck of one small sample.
      const pilot = Array.from({ length: 200 }, () => 0.03 * standardNormal(prng));
      const shift = detectableShift(pilot, pairs, { uniform: () => prng.float(), samples: 2000 });
      let found = 0;
      for (let run = 0; run < 1500; run++) {
        const sample = Array.from({ length: pairs }, () => shift + 0.03 * standardNormal(prng));
        if (signedRankInterval(sample).low > 0) found += 1;
      }
      expect(found / 1500, `seed ${seed}`).toBeGreaterThan(0.74);
      expect(found / 1500, `seed ${seed}`).toBeLessThan(0.86);
    },
  );

  it('tends to the textbook formula for normal noise and many pairs', () => {
    const prng = new Prng(6);
    const pilot = Array.from({ length: 300 }, () => standardNormal(prng));
    const shift = detectableShift(pilot, 50, { uniform: () => prng.float(), samples: 1000 });
    const textbook = (1.959964 + 0.841621) * Math.sqrt(Math.PI / 3 / 50);
    expect(shift / textbook).toBeGreaterThan(0.85);
    expect(shift / textbook).toBeLessThan(1.15);
    const at200 = detectableShift(pilot, 200, { uniform: () => prng.float() });
    expect(at200 / shift).toBeGreaterThan(0.4);
    expect(at200 / shift).toBeLessThan(0.6);
  });

  it('sees nothing with fewer than six pairs, and takes the louder of pairs and A/A arm', () => {
    const prng = new Prng(2);
    const uniform = () => prng.float();
    const quiet = Array.from({ length: 12 }, (_, i) => (i - 5.5) / 1000);
    expect(minimumDetectableEffect(quiet.slice(0, 5), { uniform })).toBe(undetectableEffect);
    const own = minimumDetectableEffect(quiet, { uniform });
    const loud = quiet.map((x) => 10 * x);
    expect(minimumDetectableEffect(quiet, { uniform, noiseFloorLogRatios: loud })).toBeGreaterThan(5 * own);
    expect(JSON.parse(JSON.stringify(undetectableEffect))).toBe(undetectableEffect);
  });

  it('asks for more pairs the noisier the data, and those pairs then do decide', () => {
    const seed = 17;
    const prng = new Prng(seed);
    const uniform = () => prng.float();
    const pilot = Array.from({ length: 8 }, (_, i) => 0.05 + 0.02 * (i - 3.5));
    const noisier = pilot.map((x) => 0.05 + 3 * (x - 0.05));
    const few = pairsNeededToDecide(pilot, { uniform })!;
    const many = pairsNeededToDecide(noisier, { uniform })!;
    expect(many).toBeGreaterThan(few);
    let decided = 0;
    for (let run = 0; run < 300; run++) {
      const sample = Array.from({ length: many }, () => noisier[prng.below(8)]!);
      if (signedRankInterval(sample).low > 0) decided += 1;
    }
    expect(decided / 300, `seed ${seed}`).toBeGreaterThan(0.65);
    expect(pairsNeededToDecide([0.1], { uniform })).toBeUndefined();
  });

  it('asks for as many pairs as show "no effect" four times in five, where there is none', () => {
    const seed = 71;
    const prng = new Prng(seed);
    // Normal scores: a pilot that is as normal as a sample of sixty can be, so that only the method is tested.
    const pilot = Array.from({ length: 60 }, (_, i) => 0.1 * normalQuantile((i + 0.5) / 60));
    const pairs = pairsNeededToDecide(pilot, { uniform: () => prng.float(), samples: 4000 })!;
    let shown = 0;
    for (let run = 0; run < 1500; run++) {
      const sample = Array.from({ length: pairs }, () => 0.1 * standardNormal(prng));
      if (equivalencePValue(sample) < 0.05) shown += 1;
    }
    expect(shown / 1500, `seed ${seed}, ${pairs} pairs`).toBeGreaterThan(0.74);
    expect(shown / 1500, `seed ${seed}, ${pairs} pairs`).toBeLessThan(0.87);
  });
});

describe('analysePairs', () => {
  it('keeps zeros finite and refuses what cannot be a ratio', () => {
    expect(pairedLogRatios([0, 0, 4], [0, 2, 0])).toEqual([0, Math.log(2), -Math.log(4)]);
    expect(pairedLogRatios([0], [0])).toEqual([0]);
    expect(() => pairedLogRatios([1], [1, 2])).toThrow(RangeError);
    expect(() => pairedLogRatios([], [])).toThrow(RangeError);
    expect(() => pairedLogRatios([1], [-1])).toThrow(RangeError);
    expect(() => pairedLogRatios([1], [Number.NaN])).toThrow(RangeError);
  });

  it('is undecided on five clear pairs and says so', () => {
    const prng = new Prng(1);
    const a = [100, 101, 99, 100, 102];
    const analysis = analysePairs(
      a,
      a.map((x) => 2 * x),
      options(prng),
    );
    expect(analysis.verdict).toBe('undecided');
    expect(analysis.ratio.confidence).toBe(0.9375);
    expect(analysis.pairsNeeded).toBe(6);
    expect(analysis.summary).toContain('6 pairs are the least that can decide');
    const one = analysePairs([1], [2], options(prng));
    expect([one.verdict, one.pairsNeeded]).toEqual(['undecided', undefined]);
  });

  it('judges a whole scorecard by adjusted p-values', () => {
    const prng = new Prng(3);
    const strong = simulatePairs(prng, 12, 1.2, (p) => 0.01 * standardNormal(p));
    const comparisons = [analysePairs(strong.a, strong.b, options(prng))];
    // Six pairs that agree in sign: p = 0.031 alone, not among ten.
    for (let i = 0; i < 9; i++) {
      const a = [100, 100, 100, 100, 100, 100];
      comparisons.push(analysePairs(a, [110, 111, 112, 113, 114, 115], options(prng)));
    }
    expect(comparisons.map((comparison) => comparison.verdict)).toEqual(new Array(10).fill('improvement'));
    const adjusted = applyHolm(comparisons, () => ({}));
    expect(adjusted[0]!.verdict).toBe('improvement');
    expect(adjusted[0]!.pValueHolm).toBeCloseTo(10 * comparisons[0]!.pValue, 12);
    for (const comparison of adjusted.slice(1)) {
      expect(comparison.verdict).toBe('undecided');
      expect(comparison.pValueHolm).toBeCloseTo(9 / 32, 12);
      expect(comparison.pairsNeeded).toBeGreaterThan(6);
      expect(comparison.summary).toMatch(/^Undecided: /);
    }
  });
});
