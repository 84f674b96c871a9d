/**
 * When a warm-up may end: not before its shortest time, not after its longest, and in between once throughput and p99 have
 * stopped moving (`statistics/steadyState.ts`).
 */
import { steadyState, steadyWindows, warmupTolerances } from '../statistics/steadyState.ts';
import type { IntervalStats, WarmUp } from './protocol.ts';

const windowMsMin = 200;
const windowMsMax = 1000;

/** Length of a warm-up's windows: a tenth of its longest time, so that a short one can be found steady at all. */
export function warmUpIntervalMs(warmUp: WarmUp): number {
  return Math.min(windowMsMax, Math.max(windowMsMin, (warmUp.maxSec * 1000) / (2 * steadyWindows)));
}

export interface WarmUpVerdict {
  done: boolean;
  steady: boolean;
  /** Why it ended, or why it does not yet. */
  reason: string;
}

/** @param intervals all windows so far, oldest first. */
export function judgeWarmUp(
  warmUp: WarmUp,
  elapsedSec: number,
  intervals: readonly IntervalStats[],
): WarmUpVerdict {
  const { steady, reasons } = steadyState([
    {
      name: 'throughput',
      values: intervals.map((interval) => interval.throughputOpsPerSec),
      ...warmupTolerances.throughput,
    },
    { name: 'p99', values: intervals.map((interval) => interval.p99Us), ...warmupTolerances.p99 },
  ]);
  const reason = steady ? 'throughput and p99 are steady' : reasons.join('; ');
  return { steady, reason, done: elapsedSec >= warmUp.maxSec || (steady && elapsedSec >= warmUp.minSec) };
}
