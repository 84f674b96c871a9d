/** Robust centre and spread. Medians and MAD come from simple-statistics; this adds the scaling to a normal sd. */
import { median, medianAbsoluteDeviation } from 'simple-statistics';

export { median, medianAbsoluteDeviation };

/** 1 / Phi^-1(3/4): makes the MAD of normal data estimate its standard deviation (Hampel 1974). */
const madToStandardDeviation = 1.482602218505602;

/** Standard deviation estimated from the median absolute deviation: half the values may be outliers. */
export function robustStandardDeviation(values: readonly number[]): number {
  return madToStandardDeviation * medianAbsoluteDeviation(values.slice());
}
