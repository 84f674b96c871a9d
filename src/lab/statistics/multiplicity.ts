/**
 * Holm's step-down adjustment: a scorecard of forty true "no effect"s would otherwise show two improvements by luck.
 * Holds the chance of any false finding in the family below alpha whatever the dependence between its tests.
 * Source: Holm, Scandinavian Journal of Statistics 6 (1979).
 */

/** Adjusted p-values in the order given: each is the smallest family-wide alpha at which its test would be rejected. */
export function holmAdjust(pValues: readonly number[]): number[] {
  const order = pValues.map((pValue, index) => ({ pValue, index })).sort((a, b) => a.pValue - b.pValue);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let running = 0;
  for (const [step, { pValue, index }] of order.entries()) {
    running = Math.max(running, Math.min(1, (order.length - step) * pValue));
    adjusted[index] = running;
  }
  return adjusted;
}

/**
 * Pairs below which not even the clearest effect survives Holm in a family of `familySize` tests: the smallest two-sided
 * p-value of n pairs is 2^(1 - n), and it must not exceed alpha / familySize. 6 for one test, 11 for thirty.
 */
export function pairsMinForFamily(familySize: number, alpha = 0.05): number {
  return Math.ceil(1 + Math.log2(Math.max(1, familySize) / alpha));
}
