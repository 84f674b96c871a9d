/**
 * Where a series of measurements changed its level or spread: E-Divisive (Matteson and James, "A Nonparametric Approach for Multiple
 * Change Point Analysis of Multivariate Data", JASA 2014), which assumes no distribution. Segments are split at the point that
 * sets them apart most by energy distance, as long as a permutation test says that chance would rarely do as well.
 */
import { Prng } from '../../base/prng.ts';

export interface ChangePoint {
  /** Index of the first value of the new segment. */
  readonly at: number;
  /** Share of permutations that split at least as well, 0 .. 1. */
  readonly pValue: number;
}

/** A segment has at least so many values: fewer are an outlier and no level. */
export const SEGMENT_MIN = 4;
const PERMUTATIONS = 399;

interface Split {
  readonly at: number;
  readonly statistic: number;
}

/** @param alpha a split that chance beats more often is not made. In the order of the series. */
export function changePoints(values: readonly number[], alpha = 0.05, seed = 1): ChangePoint[] {
  const prng = new Prng(seed);
  const edges = [0, values.length];
  const found: ChangePoint[] = [];
  for (;;) {
    const best = bestSplit(values, edges);
    if (best === undefined) break;
    let asGood = 0;
    for (let permutation = 0; permutation < PERMUTATIONS; permutation++) {
      const shuffled = shuffledWithin(values, edges, prng);
      if ((bestSplit(shuffled, edges)?.statistic ?? 0) >= best.statistic) asGood++;
    }
    const pValue = (asGood + 1) / (PERMUTATIONS + 1);
    if (pValue > alpha) break;
    found.push({ at: best.at, pValue });
    edges.push(best.at);
    edges.sort((a, b) => a - b);
  }
  return found.sort((a, b) => a.at - b.at);
}

/** The split of any segment that sets its two parts apart most. */
function bestSplit(values: readonly number[], edges: readonly number[]): Split | undefined {
  let best: Split | undefined;
  for (let i = 1; i < edges.length; i++) {
    const [from, to] = [edges[i - 1]!, edges[i]!];
    for (let at = from + SEGMENT_MIN; at <= to - SEGMENT_MIN; at++) {
      const statistic = energyStatistic(values.slice(from, at), values.slice(at, to));
      if (best === undefined || statistic > best.statistic) best = { at, statistic };
    }
  }
  return best;
}

/** m n / (m + n) times the energy distance of two samples. */
function energyStatistic(left: readonly number[], right: readonly number[]): number {
  const [m, n] = [left.length, right.length];
  let between = 0;
  for (const a of left) for (const b of right) between += Math.abs(a - b);
  const distance = (2 * between) / (m * n) - meanWithin(left) - meanWithin(right);
  return ((m * n) / (m + n)) * distance;
}

function meanWithin(sample: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < sample.length; i++)
    for (let j = i + 1; j < sample.length; j++) sum += Math.abs(sample[i]! - sample[j]!);
  return sum / ((sample.length * (sample.length - 1)) / 2);
}

function shuffledWithin(values: readonly number[], edges: readonly number[], prng: Prng): number[] {
  const shuffled = [...values];
  for (let i = 1; i < edges.length; i++)
    for (let at = edges[i]! - 1; at > edges[i - 1]!; at--) {
      const other = edges[i - 1]! + prng.below(at - edges[i - 1]! + 1);
      [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
    }
  return shuffled;
}
