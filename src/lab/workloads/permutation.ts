/**
 * A seeded bijection of 0..count-1: spreads popular ranks over the key space, and finds the rank of a key again.
 *
 * A four-round Feistel network over the next even number of bits, walked until it lands inside the range (under four
 * steps on average, since the range is at least a quarter of the network's). Rejected: hashing the rank modulo the count,
 * as YCSB does, where two ranks can fall on one key and the exponent is no longer the declared one.
 */
export class Permutation {
  readonly #count: number;
  readonly #halfBits: number;
  readonly #halfMask: number;
  readonly #roundKeys: Uint32Array;

  /** @param count 1..2^31. @param seed any safe integer. */
  constructor(count: number, seed: number) {
    const bits = Math.max(2, 32 - Math.clz32(Math.max(1, count - 1)));
    this.#count = count;
    this.#halfBits = (bits + 1) >> 1;
    this.#halfMask = 2 ** this.#halfBits - 1;
    this.#roundKeys = Uint32Array.from([1, 2, 3, 4], (round) =>
      mix((seed | 0) ^ Math.imul(round, 0x9e3779b9)),
    );
  }

  /** Where `index` goes. */
  apply(index: number): number {
    let value = index;
    do value = this.#forward(value);
    while (value >= this.#count);
    return value;
  }

  /** What goes to `value`: `invert(apply(i)) === i`. */
  invert(value: number): number {
    let index = value;
    do index = this.#backward(index);
    while (index >= this.#count);
    return index;
  }

  #forward(value: number): number {
    let left = value >>> this.#halfBits;
    let right = value & this.#halfMask;
    for (let round = 0; round < 4; round++) {
      const next = left ^ (mix(right ^ this.#roundKeys[round]!) & this.#halfMask);
      left = right;
      right = next;
    }
    return ((left << this.#halfBits) | right) >>> 0;
  }

  #backward(value: number): number {
    let left = value >>> this.#halfBits;
    let right = value & this.#halfMask;
    for (let round = 3; round >= 0; round--) {
      const previous = right ^ (mix(left ^ this.#roundKeys[round]!) & this.#halfMask);
      right = left;
      left = previous;
    }
    return ((left << this.#halfBits) | right) >>> 0;
  }
}

/** A 32-bit finalizer (splitmix32's). */
function mix(value: number): number {
  let z = value ^ (value >>> 16);
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
