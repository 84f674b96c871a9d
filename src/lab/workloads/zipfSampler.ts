/**
 * Exact zipf sampling by rejection-inversion (W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from
 * monotone discrete distributions", 1996): P(rank k) is proportional to k^-theta for k = 1..n, for any theta > 0, in
 * constant expected work and memory.
 *
 * Rejected: YCSB's closed-form approximation (Gray et al. 1994), which is exact for the first two ranks only and cannot do
 * theta > 1; a cumulative table (8 bytes a key). Known tools parsed an exponent and drew something else, so `zipfFit.ts`
 * checks what was really sent.
 */
import type { Prng } from '../../base/prng.ts';

export class ZipfSampler {
  readonly #random: Prng;
  readonly #count: number;
  readonly #theta: number;
  readonly #hIntegralFirst: number;
  readonly #hIntegralCount: number;
  readonly #acceptBelow: number;

  /** @param count ranks, >= 1. @param theta exponent, > 0. */
  constructor(random: Prng, count: number, theta: number) {
    this.#random = random;
    this.#count = count;
    this.#theta = theta;
    this.#hIntegralFirst = this.#hIntegral(1.5) - 1;
    this.#hIntegralCount = this.#hIntegral(count + 0.5);
    this.#acceptBelow = 2 - this.#hIntegralInverse(this.#hIntegral(2.5) - this.#h(2));
  }

  /** A rank from 0 (most likely) to count - 1. */
  nextRank(): number {
    for (;;) {
      const u = this.#hIntegralCount + this.#random.float() * (this.#hIntegralFirst - this.#hIntegralCount);
      const x = this.#hIntegralInverse(u);
      const k = Math.min(Math.max(Math.floor(x + 0.5), 1), this.#count);
      if (k - x <= this.#acceptBelow || u >= this.#hIntegral(k + 0.5) - this.#h(k)) return k - 1;
    }
  }

  /** Integral of x^-theta, written so that theta = 1 (a logarithm) needs no special case. */
  #hIntegral(x: number): number {
    const logX = Math.log(x);
    return expm1OverX((1 - this.#theta) * logX) * logX;
  }

  #h(x: number): number {
    return Math.exp(-this.#theta * Math.log(x));
  }

  #hIntegralInverse(x: number): number {
    // Rounding can bring this just below -1, where the logarithm is undefined.
    const t = Math.max(x * (1 - this.#theta), -1);
    return Math.exp(log1pOverX(t) * x);
  }
}

/** log(1 + x) / x, continuous at 0. */
function log1pOverX(x: number): number {
  if (Math.abs(x) > 1e-8) return Math.log1p(x) / x;
  return 1 - x * (1 / 2 - x * (1 / 3 - x / 4));
}

/** (exp(x) - 1) / x, continuous at 0. */
function expm1OverX(x: number): number {
  if (Math.abs(x) > 1e-8) return Math.expm1(x) / x;
  return 1 + (x / 2) * (1 + (x / 3) * (1 + x / 4));
}
