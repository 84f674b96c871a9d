/**
 * Wilcoxon's signed-rank test, its confidence interval and the Hodges-Lehmann estimate, for paired differences.
 *
 * Why this and not a t-test: block noise on a shared machine is heavy-tailed, and twelve pairs cannot tell us the tail.
 * The test assumes only that, absent an effect, a pair's difference is as likely +x as -x, which random ABBA/BAAB order
 * makes true by design.
 *
 * Exactness: for n <= 50 the null distribution is counted, not approximated. Every one of the 2^n sign patterns is equally
 * likely; a table of how many patterns give each rank sum is built by dynamic programming, and 2^50 still is an exact
 * double. Beyond, the normal approximation with continuity correction.
 *
 * Ties get mid-ranks, and the distribution is counted over those very mid-ranks (the conditional, permutation form).
 * Zeros follow Pratt (1959): they take part in the ranking and are then dropped, which keeps the test honest about how
 * many pairs did not differ; R's `wilcox.test` drops them first.
 *
 * The interval's ends are order statistics of the Walsh averages (x_i + x_j) / 2, i <= j. For continuous data its coverage
 * is exactly `1 - 2 P(W <= k - 1) >= confidence`; ties only make the closed interval cover more.
 *
 * Sources: Hollander, Wolfe, Chicken, Nonparametric Statistical Methods, 3rd ed., sections 3.1-3.3; Pratt, JASA 54 (1959).
 * The choice of k is that of R's `wilcox.test(conf.int = TRUE)`.
 */
import type { Interval } from '../experiments/result.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { median } from './spread.ts';

/** Largest number of pairs for which the null distribution is counted exactly. */
export const exactPairsMax = 50;
/** With fewer pairs no pattern of signs reaches two-sided p < 0.05: 2 / 2^5 = 0.0625, 2 / 2^6 = 0.031. */
export const decidingPairsMin = 6;

export type Alternative = 'two-sided' | 'greater' | 'less';

/**
 * Number of sign patterns by sum of the positive ranks: entry s counts the subsets of `ranks` whose sum is s.
 * Ranks are whole numbers >= 0 (double mid-ranks to make them so); at most 50 of them, so that counts stay exact.
 */
export function subsetSumCounts(ranks: readonly number[]): Float64Array {
  if (ranks.length > exactPairsMax)
    throw new RangeError(`${ranks.length} ranks are too many to count exactly`);
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const counts = new Float64Array(total + 1);
  counts[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    if (rank === 0) throw new RangeError('a rank of 0 has no sign to flip');
    for (let sum = reached; sum >= 0; sum--) counts[sum + rank]! += counts[sum]!;
    reached += rank;
  }
  return counts;
}

/** Twice the mid-ranks of |x| (whole numbers) for the non-zero x, and twice the rank sum of the positive ones. */
function doubledRanks(differences: readonly number[]): { ranks: number[]; positiveSum: number } {
  const order = differences.map((difference) => ({ size: Math.abs(difference), positive: difference > 0 }));
  order.sort((a, b) => a.size - b.size);
  const ranks: number[] = [];
  let positiveSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && order[end]!.size === order[start]!.size) end += 1;
    // Ranks start+1 .. end share their mean (start + 1 + end) / 2; doubled it is whole.
    const doubled = start + 1 + end;
    for (let i = start; i < end; i++) {
      if (order[i]!.size === 0) continue;
      ranks.push(doubled);
      if (order[i]!.positive) positiveSum += doubled;
    }
    start = end;
  }
  return { ranks, positiveSum };
}

/**
 * p-value of "the differences are symmetric about `shift`". Exact for at most 50 pairs.
 * `greater` tests against differences above `shift`. No pairs, or all equal to `shift`: 1.
 */
export function signedRankPValue(
  differences: readonly number[],
  shift = 0,
  alternative: Alternative = 'two-sided',
): number {
  const { ranks, positiveSum } = doubledRanks(differences.map((difference) => difference - shift));
  if (ranks.length === 0) return 1;
  const tails =
    differences.length <= exactPairsMax
      ? exactTails(ranks, positiveSum)
      : approximateTails(ranks, positiveSum);
  if (alternative === 'greater') return tails.upper;
  if (alternative === 'less') return tails.lower;
  return Math.min(1, 2 * Math.min(tails.lower, tails.upper));
}

interface Tails {
  /** P(W <= observed). */
  lower: number;
  /** P(W >= observed). */
  upper: number;
}

function exactTails(ranks: readonly number[], positiveSum: number): Tails {
  const counts = subsetSumCounts(ranks);
  let below = 0;
  for (let sum = 0; sum < positiveSum; sum++) below += counts[sum]!;
  const patterns = 2 ** ranks.length;
  return { lower: (below + counts[positiveSum]!) / patterns, upper: (patterns - below) / patterns };
}

/** Each rank r is added with probability 1/2: mean sum(r) / 2, variance sum(r^2) / 4, which holds with ties as it stands. */
function approximateTails(ranks: readonly number[], positiveSum: number): Tails {
  let mean = 0;
  let variance = 0;
  for (const rank of ranks) {
    mean += rank / 2;
    variance += (rank * rank) / 4;
  }
  const sd = Math.sqrt(variance);
  // Doubled ranks move in steps of 2, so the continuity correction of half a step is 1.
  return { lower: normalCdf((positiveSum + 1 - mean) / sd), upper: normalCdf((mean + 1 - positiveSum) / sd) };
}

/** All averages (x_i + x_j) / 2 with i <= j, ascending: n (n + 1) / 2 of them (Walsh 1949). */
export function walshAverages(differences: readonly number[]): Float64Array {
  const n = differences.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let next = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) averages[next++] = (differences[i]! + differences[j]!) / 2;
  }
  return averages.sort();
}

/** Hodges-Lehmann estimate: the median of the Walsh averages. Throws RangeError without data. */
export function hodgesLehmann(differences: readonly number[]): number {
  if (differences.length === 0) throw new RangeError('an estimate needs at least one pair');
  return median(walshAverages(differences) as unknown as number[]);
}

/** Which Walsh averages bound the interval (1-based from either end), and the confidence that really gives. */
export interface IntervalRank {
  rank: number;
  confidence: number;
}

/**
 * The largest k with `P(W <= k - 1) <= (1 - confidence) / 2`, at least 1, so that the k-th Walsh average from either end
 * bounds an interval of at least `confidence`. Below 6 pairs even k = 1 falls short of 95 %; the true confidence is returned.
 */
export function intervalRank(pairs: number, confidence = 0.95): IntervalRank {
  if (!(pairs >= 1)) throw new RangeError('an interval needs at least one pair');
  const alphaHalf = (1 - confidence) / 2;
  const total = (pairs * (pairs + 1)) / 2;
  if (pairs > exactPairsMax) {
    const sd = Math.sqrt((pairs * (pairs + 1) * (2 * pairs + 1)) / 24);
    // P(W <= k - 1) ~ Phi((k - 1 + 0.5 - total / 2) / sd) <= alpha / 2.
    const rank = Math.max(1, Math.floor(total / 2 + 0.5 + normalQuantile(alphaHalf) * sd));
    return { rank, confidence: 1 - 2 * normalCdf((rank - 0.5 - total / 2) / sd) };
  }
  const counts = subsetSumCounts(Array.from({ length: pairs }, (_, i) => i + 1));
  const patterns = 2 ** pairs;
  let rank = 0;
  let tail = 0;
  while (tail + counts[rank]! <= alphaHalf * patterns) tail += counts[rank++]!;
  if (rank === 0) return { rank: 1, confidence: Math.max(0, 1 - (2 * counts[0]!) / patterns) };
  return { rank, confidence: 1 - (2 * tail) / patterns };
}

/**
 * Hodges-Lehmann estimate with the signed-rank confidence interval. `confidence` in the answer is the one asked for where
 * the data can give it (6 pairs for 95 %), else the lower one they do give (5 pairs: 0.9375; 1 pair: 0).
 */
export function signedRankInterval(differences: readonly number[], confidence = 0.95): Interval {
  const averages = walshAverages(differences);
  const { rank, confidence: attained } = intervalRank(differences.length, confidence);
  return {
    estimate: median(averages as unknown as number[]),
    low: averages[rank - 1]!,
    high: averages[averages.length - rank]!,
    confidence: Math.min(confidence, attained),
  };
}
