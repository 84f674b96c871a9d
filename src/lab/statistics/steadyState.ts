/**
 * When does warm-up end? When the last windows neither scatter nor drift.
 *
 * Throughput alone is not enough: it settles while a runtime still recompiles, and only the tail shows that. So the caller
 * hands in several series of per-window values (throughput, p99, heap), each with its own tolerances, and all must hold.
 *
 * Over the last k windows of a series: scatter is (max - min) / median, drift is |Theil-Sen slope| * (k - 1) / median, the
 * change along the fitted line. Drift is judged tighter than scatter, because noise is symmetric and warm-up is not.
 * Source of the criterion: Georges, Buytaert, Eeckhout (OOPSLA 2007) use a coefficient of variation over the last k
 * iterations; the drift term is ours, because slow growth passes their test.
 */
import { theilSen } from './slope.ts';
import { median } from './spread.ts';

export interface SteadySeries {
  /** As it reads in a reason: `throughput`. */
  name: string;
  /** One value per window, oldest first, all windows equally long. */
  values: readonly number[];
  scatterMax: number;
  driftMax: number;
}

export interface Steadiness {
  steady: boolean;
  /** Why not yet, one line a reason; empty if steady. */
  reasons: string[];
}

/** Windows looked at: with one-second windows, five seconds of calm. */
export const steadyWindows = 5;

/** Tolerances for one-second windows on shared cores; p99 of a second is an extreme value and gets more room. */
export const warmupTolerances = {
  throughput: { scatterMax: 0.08, driftMax: 0.04 },
  p99: { scatterMax: 0.5, driftMax: 0.25 },
  heapUsed: { scatterMax: 0.5, driftMax: 0.25 },
} as const;

/** Judges the last `windows` values of every series. A series whose median is 0 (nothing happened) is steady only if all are 0. */
export function steadyState(series: readonly SteadySeries[], windows = steadyWindows): Steadiness {
  if (windows < 3) throw new RangeError('two windows cannot tell drift from noise');
  const reasons = series.flatMap((one) => unsteadiness(one, windows));
  return { steady: series.length > 0 && reasons.length === 0, reasons };
}

function unsteadiness({ name, values, scatterMax, driftMax }: SteadySeries, windows: number): string[] {
  if (values.length < windows) return [`${name}: ${values.length} of ${windows} windows seen`];
  const last = values.slice(-windows);
  const centre = Math.abs(median(last));
  const range = Math.max(...last) - Math.min(...last);
  if (range === 0) return [];
  const drift = Math.abs(theilSen(last.map((y, x) => ({ x, y }))).slope) * (windows - 1);
  const reasons: string[] = [];
  // A centre of 0 makes both shares infinite, or NaN where there is no drift: compare so that neither passes.
  if (!(range / centre <= scatterMax)) reasons.push(`${name} scatters by ${share(range / centre)}`);
  if (drift > 0 && !(drift / centre <= driftMax)) reasons.push(`${name} drifts by ${share(drift / centre)}`);
  return reasons;
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
