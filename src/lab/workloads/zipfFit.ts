/**
 * Which zipf exponent a sample of ranks really follows: maximum likelihood over the declared number of ranks.
 *
 * The log-likelihood of n ranks is -theta * sum(log rank) - n * log H(theta), with H the generalized harmonic number over
 * `rankCount` ranks; it is concave, so Newton's method on its derivative converges from anywhere sensible. H and its two
 * derivatives are summed exactly for the first 1,000 ranks and by an Euler-Maclaurin integral beyond (error < 1e-9).
 */

/** Ranks summed one by one before the integral takes over. */
const exactRanks = 1000;

export interface ZipfFit {
  estimate: number;
  /** 1 / sqrt(Fisher information). */
  standardError: number;
}

/**
 * @param ranks sampled ranks, 0 = most popular. @param rankCount number of ranks there are, >= 2.
 * @returns undefined with fewer than 1,000 ranks, or fewer than two possible: the fit would say nothing.
 */
export function fitZipf(ranks: ArrayLike<number>, rankCount: number): ZipfFit | undefined {
  const n = ranks.length;
  if (n < 1000 || rankCount < 2) return undefined;
  let logSum = 0;
  for (let i = 0; i < n; i++) logSum += Math.log(ranks[i]! + 1);
  const meanLog = logSum / n;
  // E[log rank] falls as theta grows: bisect, which cannot diverge, until it is exact to 1e-10.
  let low = 0;
  let high = 10;
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (logRankMoments(middle, rankCount).mean > meanLog) low = middle;
    else high = middle;
  }
  const estimate = (low + high) / 2;
  return { estimate, standardError: 1 / Math.sqrt(n * logRankMoments(estimate, rankCount).variance) };
}

/** Mean and variance of log(rank) under zipf(theta): minus the first and the second derivative of log H. */
export function logRankMoments(theta: number, rankCount: number): { mean: number; variance: number } {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  const exact = Math.min(exactRanks, rankCount);
  for (let k = 1; k <= exact; k++) {
    const logK = Math.log(k);
    const weight = Math.exp(-theta * logK);
    sum0 += weight;
    sum1 += weight * logK;
    sum2 += weight * logK * logK;
  }
  if (rankCount > exact) {
    // Midpoint form: sum over k = a+1..b of f(k) is the integral of f from a + 1/2 to b + 1/2, up to f'' / 24.
    const from = Math.log(exact + 0.5);
    const to = Math.log(rankCount + 0.5);
    const s = 1 - theta;
    sum0 += powerLogIntegral(0, s, from, to);
    sum1 += powerLogIntegral(1, s, from, to);
    sum2 += powerLogIntegral(2, s, from, to);
  }
  const mean = sum1 / sum0;
  return { mean, variance: sum2 / sum0 - mean * mean };
}

/** Integral of y^power * exp(s * y) for y in from..to: x^-theta * log(x)^power after x = e^y. Simpson, 512 steps. */
function powerLogIntegral(power: number, s: number, from: number, to: number): number {
  const steps = 512;
  const width = (to - from) / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const y = from + i * width;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * y ** power * Math.exp(s * y);
  }
  return (sum * width) / 3;
}
