/** The 48-bit generator of drand48: what `math.random` draws from, the same numbers for the same seed on every machine. */
const MULTIPLIER = 0x5deece66dn;
const INCREMENT = 0xbn;
const MASK = (1n << 48n) - 1n;
const SEED_LOW = 0x330en;
/** Values are taken modulo this: INT32_MAX. */
const RANGE = 0x7fffffff;

export class Rand48 {
  #state = 0x1234abcd330en;

  seed(value: number): void {
    this.#state = (BigInt(value >>> 0) << 16n) | SEED_LOW;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state * MULTIPLIER + INCREMENT) & MASK;
    return (Number(this.#state >> 17n) % RANGE) / RANGE;
  }
}
