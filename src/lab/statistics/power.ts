/**
 * What the pairs could have seen: the minimum detectable effect, and how many pairs it would take to decide.
 *
 * Method. The signed-rank test rejects "no shift" in favour of a positive one exactly when its interval's lower end is
 * above 0. Adding a shift d to a sample adds d to that end, so a noise sample with lower end L would have shown every shift
 * above -L. Noise samples are drawn from the observed differences, centred by their Hodges-Lehmann estimate and given random
 * signs (the symmetry the test assumes anyway); the minimum detectable shift is then
 *
 *   MDE(n, alpha, power) = power-quantile over noise samples of n of  -low(sample, 1 - alpha)
 *
 * Residuals are scaled by sqrt(m / (m - 1)), the share that centring m of them took away. No normality is assumed, and the
 * coarseness of few pairs is in it: the textbook (z_0.975 + z_0.8) sd sqrt(pi / 3) / sqrt(n) calls 6 pairs half again as
 * sharp as they are, because all six must agree in sign. That formula is what this tends to for normal noise and many pairs.
 * Beyond 50 pairs the value for 50 is scaled by 1 / sqrt(n).
 */
import { quantile } from 'simple-statistics';
import { equivalenceMarginLog } from './equivalence.ts';
import { decidingPairsMin, exactPairsMax, hodgesLehmann, intervalRank } from './signedRank.ts';
import { WalshResampler } from './walshResampler.ts';

/**
 * Where nothing was detectable (fewer than 6 pairs, no spread known), and the cap elsewhere: a 100-fold change. Finite, so
 * that it survives JSON; a reader may print it as "nothing".
 */
export const undetectableEffect = 99;

export interface PowerOptions {
  /** Uniform in [0, 1); seed it, and the answer repeats. */
  uniform: () => number;
  /** Chance of seeing an effect of that size; 0.8 by convention. */
  power?: number;
  /** Of the interval that must exclude no effect; 0.95 means alpha = 0.05 two-sided. */
  confidence?: number;
  /** Noise samples drawn. 400 put the result's own error near 5 %. */
  samples?: number;
}

/** Smallest shift, in the unit of the differences, that `pairs` such pairs detect. Infinity if none. */
export function detectableShift(
  differences: readonly number[],
  pairs: number,
  options: PowerOptions,
): number {
  const { uniform, power = 0.8, confidence = 0.95, samples = 400 } = options;
  if (pairs > exactPairsMax) {
    return detectableShift(differences, exactPairsMax, options) * Math.sqrt(exactPairsMax / pairs);
  }
  const m = differences.length;
  if (m < 2) return Number.POSITIVE_INFINITY;
  const { rank, confidence: attained } = intervalRank(pairs, confidence);
  if (attained < confidence) return Number.POSITIVE_INFINITY;
  const centre = hodgesLehmann(differences);
  const scale = Math.sqrt(m / (m - 1));
  const residuals = differences.map((difference) => (difference - centre) * scale);
  // A random sign on a random residual is a random draw from the residuals and their mirror images.
  const resampler = new WalshResampler([...residuals, ...residuals.map((residual) => -residual)]);
  const copies = new Uint32Array(2 * m);
  const shifts: number[] = [];
  for (let round = 0; round < samples; round++) {
    copies.fill(0);
    for (let i = 0; i < pairs; i++) copies[Math.floor(uniform() * 2 * m)]! += 1;
    shifts.push(-resampler.orderStatistic(copies, rank));
  }
  return Math.max(0, quantile(shifts, power));
}

/**
 * Minimum detectable effect as |ratio - 1| (0.05: a 5 % change), from log-ratios and, where there is one, the A/A arm's:
 * the larger of the two spreads counts, for an A/A arm noisier than the pairs warns that the pairs were lucky.
 */
export function minimumDetectableEffect(
  logRatios: readonly number[],
  options: PowerOptions & { noiseFloorLogRatios?: readonly number[] },
): number {
  const pairs = logRatios.length;
  const own = detectableShift(logRatios, pairs, options);
  const floor = options.noiseFloorLogRatios ?? [];
  const shift = floor.length < 2 ? own : Math.max(own, detectableShift(floor, pairs, options));
  return Math.min(undetectableEffect, Math.expm1(shift));
}

/**
 * Pairs in total after which a verdict is likely, if the effect really is the one estimated now: enough to see it, or enough
 * to show that it is within the margin, whichever needs fewer. From the shift that 12 pairs (or those at hand, if more)
 * detect, which falls as 1 / sqrt(n). undefined where fewer than two pairs tell nothing of the spread.
 */
export function pairsNeededToDecide(
  logRatios: readonly number[],
  options: PowerOptions & { marginLog?: number },
): number | undefined {
  if (logRatios.length < 2) return undefined;
  const { marginLog = equivalenceMarginLog, confidence = 0.95, power = 0.8 } = options;
  const basis = Math.min(exactPairsMax, Math.max(12, logRatios.length));
  const effect = Math.abs(hodgesLehmann(logRatios));
  const pairsFor = (shift: number, room: number) =>
    room > 0 ? basis * (shift / room) ** 2 : Number.POSITIVE_INFINITY;
  const toSee = pairsFor(detectableShift(logRatios, basis, options), effect);
  // Two one-sided tests at alpha are an interval of 1 - 2 alpha; both must succeed, so each may fail half as often.
  const oneSided = { ...options, confidence: 1 - 2 * (1 - confidence), power: 1 - (1 - power) / 2 };
  const toDismiss = pairsFor(detectableShift(logRatios, basis, oneSided), marginLog - effect);
  const pairs = Math.ceil(Math.min(toSee, toDismiss));
  return Math.min(pairsNeededMax, Math.max(pairs, logRatios.length + 1, decidingPairsMin));
}

/** Nobody runs more; the number then reads as "not by measuring longer". */
export const pairsNeededMax = 100_000;
