/**
 * When a warm-up may end: not before its shortest time, not after its longest, and in between once the intervals say that
 * throughput and p99 have stopped moving.
 */
import type { IntervalStats, WarmUp } from './protocol.ts';

/** Length of a warm-up's intervals. */
export const warmUpIntervalMs = 200;
/** Intervals compared: the last five with the five before. */
const windowIntervals = 5;
/** A window's median throughput may differ by 3 % (the lab's equivalence bound), p99 by 25 %: single intervals have noisy tails. */
const throughputTolerance = 0.03;
const p99Tolerance = 0.25;

export interface WarmUpVerdict {
  done: boolean;
  steady: boolean;
  reason: string;
}

export function judgeWarmUp(
  warmUp: WarmUp,
  elapsedSec: number,
  intervals: readonly IntervalStats[],
): WarmUpVerdict {
  const verdict = steadiness(intervals);
  if (elapsedSec >= warmUp.maxSec) {
    return { ...verdict, done: true };
  }
  return { ...verdict, done: verdict.steady && elapsedSec >= warmUp.minSec };
}

function steadiness(intervals: readonly IntervalStats[]): { steady: boolean; reason: string } {
  if (intervals.length < 2 * windowIntervals) {
    return {
      steady: false,
      reason: `only ${intervals.length} intervals of ${warmUpIntervalMs} ms were seen`,
    };
  }
  const late = intervals.slice(-windowIntervals);
  const early = intervals.slice(-2 * windowIntervals, -windowIntervals);
  const throughputChange = change(early, late, (interval) => interval.throughputOpsPerSec);
  const p99Change = change(early, late, (interval) => interval.p99Us);
  const steady = Math.abs(throughputChange) <= throughputTolerance && Math.abs(p99Change) <= p99Tolerance;
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return {
    steady,
    reason: `throughput moved by ${percent(throughputChange)} and p99 by ${percent(p99Change)} between the last two windows of ${windowIntervals * warmUpIntervalMs} ms`,
  };
}

function change(
  early: readonly IntervalStats[],
  late: readonly IntervalStats[],
  figure: (interval: IntervalStats) => number,
): number {
  const before = median(early.map(figure));
  return before === 0 ? Number.POSITIVE_INFINITY : median(late.map(figure)) / before - 1;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
