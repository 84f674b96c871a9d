/**
 * Seeded pseudo-random numbers (xoshiro128**, Blackman and Vigna 2018): same seed, same sequence, on every machine.
 * Not for secrets: hash seeds come from the Rng port.
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed any safe integer; the state is expanded from it by splitmix32. */
  constructor(seed: number) {
    let state = (seed ^ Math.imul(Math.floor(seed / 0x1_0000_0000), 0x9e3779b9)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next() | 1;
  }

  /** Uniform in [0, 2^32). */
  uint32(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** Uniform in [0, 1) with 53 bits. */
  float(): number {
    return (this.uint32() * 0x20_0000 + (this.uint32() >>> 11)) / 0x20_0000_0000_0000;
  }

  /** Uniform integer in [0, bound), bound in 1..2^53. */
  below(bound: number): number {
    return Math.floor(this.float() * bound);
  }
}
