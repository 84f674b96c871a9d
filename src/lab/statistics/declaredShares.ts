/**
 * Checks of the certificate: does what was sent and answered agree with what was declared?
 *
 * A plain significance test is the wrong tool at a million requests, where it flags a hit rate of 90.06 % instead of 90 %,
 * and a plain tolerance is wrong at fifty. So a check fails only where the deviation is larger than the tolerance *and* chance
 * together explain: |observed - declared| > tolerance + z * standard error. z = 3.29 is p = 0.001 two-sided: one block in a
 * thousand is refused by bad luck, and rejection stays blind to the arm. The chi-squared p-value is reported beside it.
 */
import type { CertificateCheck } from '../experiments/result.ts';
import { chiSquaredUpperTail, normalQuantile } from './distributions.ts';
import { fitZipf } from './zipf.ts';

const refusalLevel = 0.001;

export interface ChiSquaredTest {
  statistic: number;
  degreesOfFreedom: number;
  pValue: number;
}

/**
 * Pearson's test of counts against shares that sum to 1. Cells expected fewer than 5 times are pooled into one, as its
 * approximation needs. A count in a cell of share 0 gives p = 0.
 */
export function chiSquaredTest(counts: readonly number[], shares: readonly number[]): ChiSquaredTest {
  if (counts.length !== shares.length) throw new RangeError('every count needs its declared share');
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cells: { observed: number; expected: number }[] = [];
  const pooled = { observed: 0, expected: 0 };
  for (const [i, observed] of counts.entries()) {
    const expected = total * shares[i]!;
    if (expected === 0 && observed > 0) return { statistic: Infinity, degreesOfFreedom: 1, pValue: 0 };
    if (expected >= 5) cells.push({ observed, expected });
    else {
      pooled.observed += observed;
      pooled.expected += expected;
    }
  }
  if (pooled.expected > 0) cells.push(pooled);
  const degreesOfFreedom = cells.length - 1;
  if (degreesOfFreedom < 1) return { statistic: 0, degreesOfFreedom: 0, pValue: 1 };
  const statistic = cells.reduce(
    (sum, cell) => sum + (cell.observed - cell.expected) ** 2 / cell.expected,
    0,
  );
  return { statistic, degreesOfFreedom, pValue: chiSquaredUpperTail(statistic, degreesOfFreedom) };
}

/** Deviation that tolerance and chance together allow a share of `total` observations. */
function allowance(share: number, total: number, tolerance: number): number {
  return tolerance + normalQuantile(1 - refusalLevel / 2) * Math.sqrt((share * (1 - share)) / total);
}

/**
 * A single share, such as the hit rate: `hits` of `total` against `declared` in 0..1.
 * Nothing observed at all fails: a block that asked nothing proves nothing.
 */
export function checkShare(
  id: string,
  declared: number,
  observed: { hits: number; total: number },
  tolerance = 0.01,
): CertificateCheck {
  const { hits, total } = observed;
  if (total === 0) return { id, declared: percent(declared), observed: 'nothing observed', ok: false };
  const share = hits / total;
  return {
    id,
    declared: percent(declared),
    observed: `${percent(share)} of ${total}`,
    ok: Math.abs(share - declared) <= allowance(declared, total, tolerance),
  };
}

/**
 * A mix, such as commands or reply types: counts by name against declared weights by name (scaled to sum 1). A name that was
 * not declared fails whatever its count.
 */
export function checkMix(
  id: string,
  declaredWeights: Readonly<Record<string, number>>,
  counts: Readonly<Record<string, number>>,
  tolerance = 0.01,
): CertificateCheck {
  const names = [...new Set([...Object.keys(declaredWeights), ...Object.keys(counts)])];
  const weightSum = Object.values(declaredWeights).reduce((sum, weight) => sum + weight, 0);
  const shares = names.map((name) => (declaredWeights[name] ?? 0) / weightSum);
  const seen = names.map((name) => counts[name] ?? 0);
  const total = seen.reduce((sum, count) => sum + count, 0);
  const declared = names
    .filter((_, i) => shares[i]! > 0)
    .map((name) => `${name} ${percent((declaredWeights[name] ?? 0) / weightSum)}`)
    .join(', ');
  if (total === 0) return { id, declared, observed: 'nothing observed', ok: false };
  const ok = names.every((_, i) => {
    if (shares[i] === 0) return seen[i] === 0;
    return Math.abs(seen[i]! / total - shares[i]!) <= allowance(shares[i]!, total, tolerance);
  });
  const { pValue } = chiSquaredTest(seen, shares);
  const observed = names.map((name, i) => `${name} ${percent(seen[i]! / total)}`).join(', ');
  return { id, declared, observed: `${observed} of ${total} (chi-squared p ${pValue.toPrecision(2)})`, ok };
}

/** A quantity that should equal its declaration within a relative tolerance, such as achieved against offered rate. */
export function checkQuantity(
  id: string,
  declared: number,
  observed: number,
  relativeTolerance: number,
  unit: string,
): CertificateCheck {
  return {
    id,
    declared: `${round(declared)} ${unit}`,
    observed: `${round(observed)} ${unit}`,
    ok: Math.abs(observed - declared) <= relativeTolerance * Math.abs(declared),
  };
}

/** A quantity that must not pass a limit, such as the generator's CPU share or its lateness. */
export function checkAtMost(id: string, limit: number, observed: number, unit: string): CertificateCheck {
  return {
    id,
    declared: `at most ${round(limit)} ${unit}`,
    observed: `${round(observed)} ${unit}`,
    ok: observed <= limit,
  };
}

/**
 * The key distribution: fitted zipf exponent against the declared one (0 for uniform), within `tolerance` plus chance.
 * See `fitZipf` for what the counts must be.
 */
export function checkZipf(
  id: string,
  declaredExponent: number,
  counts: Iterable<readonly [rank: number, times: number]>,
  keys: number,
  tolerance = 0.03,
): CertificateCheck {
  const declared = `zipf exponent ${declaredExponent.toFixed(2)} over ${keys} keys`;
  const fit = fitZipf(counts, keys);
  if (fit.samples === 0) return { id, declared, observed: 'nothing observed', ok: false };
  const room = tolerance + normalQuantile(1 - refusalLevel / 2) * fit.standardError;
  return {
    id,
    declared,
    observed: `${fit.exponent.toFixed(3)} +- ${fit.standardError.toFixed(3)} from ${fit.samples} keys sent`,
    ok: Math.abs(fit.exponent - declaredExponent) <= room,
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function round(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}
