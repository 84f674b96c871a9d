/**
 * Which zipf exponent do the keys that were really sent follow? Maximum likelihood over known ranks.
 *
 * Why it is checked at all: load generators have parsed a zipf option and ignored it for years. Why ranks must be known
 * (rank k is the generator's k-th most likely key, not the k-th most frequent one observed): sorting by observed frequency
 * makes even uniform traffic look skewed.
 *
 * Model: P(k) = k^-s / H(N, s), k = 1 .. N. The likelihood is an exponential family, so its maximum is where the model's
 * mean of ln k equals the sample's, and that mean falls strictly with s: bisection finds it. Sums over N beyond the first
 * thousand terms use Euler-Maclaurin (error below 1e-9 relative for s in -1 .. 6), so ten million keys cost what a thousand do.
 * The standard error is 1 / sqrt(n Var_s(ln k)), from the Fisher information.
 */

/** Exponents looked for. Below 0 popularity would rise with rank, which only noise around a uniform distribution gives. */
const exponentMin = -1;
const exponentMax = 6;
const exactTerms = 1000;

export interface ZipfFit {
  exponent: number;
  standardError: number;
  /** Keys sampled. */
  samples: number;
}

/** Sum over k = 1..n of k^-s (ln k)^power, power in 0..2. */
export function logPowerSum(n: number, s: number, power: 0 | 1 | 2): number {
  let sum = 0;
  const exact = Math.min(n, exactTerms);
  for (let k = 1; k <= exact; k++) sum += term(k, s, power);
  if (n <= exactTerms) return sum;
  const from = exactTerms;
  // Sum over from+1..n = integral from..n + (f(n) - f(from)) / 2 + (f'(n) - f'(from)) / 12.
  return (
    sum +
    antiderivative(n, s, power) -
    antiderivative(from, s, power) +
    (term(n, s, power) - term(from, s, power)) / 2 +
    (slope(n, s, power) - slope(from, s, power)) / 12
  );
}

function term(x: number, s: number, power: number): number {
  return x ** -s * Math.log(x) ** power;
}

function slope(x: number, s: number, power: number): number {
  const log = Math.log(x);
  const lower = power === 0 ? 0 : power * log ** (power - 1);
  return x ** (-s - 1) * (lower - s * log ** power);
}

/** Of x^-s (ln x)^power. Near s = 1 the closed form cancels; there it is the integral of u^power exp(c u), by its series. */
function antiderivative(x: number, s: number, power: number): number {
  const c = 1 - s;
  const u = Math.log(x);
  if (Math.abs(c * u) < 1) {
    let sum = 0;
    let coefficient = u ** (power + 1);
    for (let j = 0; j < 25; j++) {
      sum += coefficient / (power + 1 + j);
      coefficient *= (c * u) / (j + 1);
    }
    return sum;
  }
  // A constant of integration keeps both branches equal: integral of u^power exp(c u) from 0 to u.
  const e = Math.exp(c * u);
  if (power === 0) return (e - 1) / c;
  if (power === 1) return (u * e) / c - (e - 1) / c ** 2;
  return (u * u * e) / c - (2 * u * e) / c ** 2 + (2 * (e - 1)) / c ** 3;
}

/** H(N, s), the generalised harmonic number. */
export function generalisedHarmonic(n: number, s: number): number {
  return logPowerSum(n, s, 0);
}

/**
 * Fits the exponent.
 * @param counts pairs of (rank from 1, times seen); ranks may repeat, unseen ranks may be left out
 * @param keys N, the number of keys that could have been drawn
 * @throws RangeError on ranks outside 1..keys or fewer than two keys
 */
export function fitZipf(counts: Iterable<readonly [rank: number, times: number]>, keys: number): ZipfFit {
  if (!(keys >= 2)) throw new RangeError(`a popularity distribution needs two keys, got ${keys}`);
  let samples = 0;
  let logSum = 0;
  for (const [rank, times] of counts) {
    if (!(rank >= 1 && rank <= keys)) throw new RangeError(`rank ${rank} is not within 1 .. ${keys}`);
    samples += times;
    logSum += times * Math.log(rank);
  }
  if (samples === 0) return { exponent: Number.NaN, standardError: Number.POSITIVE_INFINITY, samples: 0 };
  const target = logSum / samples;
  let low = exponentMin;
  let high = exponentMax;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const mean = logPowerSum(keys, middle, 1) / logPowerSum(keys, middle, 0);
    if (mean > target) low = middle;
    else high = middle;
  }
  const exponent = (low + high) / 2;
  const weight = logPowerSum(keys, exponent, 0);
  const mean = logPowerSum(keys, exponent, 1) / weight;
  const variance = logPowerSum(keys, exponent, 2) / weight - mean * mean;
  return { exponent, standardError: 1 / Math.sqrt(samples * variance), samples };
}

/** Share of all requests that a zipf(s) gives to its `top` most popular of `keys` keys. */
export function zipfTopShare(top: number, keys: number, exponent: number): number {
  return generalisedHarmonic(top, exponent) / generalisedHarmonic(keys, exponent);
}
