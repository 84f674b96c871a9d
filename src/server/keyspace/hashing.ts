/**
 * The hash of keys and fields, and the baseline of flag `fast-hash`: byte by byte, one multiplication a byte with a secret odd
 * multiplier, then a finaliser.
 *
 * The multiplier and the initial state are drawn at start, so no set of colliding keys can be prepared from outside. Each byte waits
 * for the multiplication of the one before; `foldedMultiplyHash.ts` is the other side of the flag. One KeyHash per process: every index
 * uses the same one (test/tidy/keyHash.test.ts), so its call is monomorphic.
 */
import type { Rng } from '../../ports/rng.ts';

export interface KeyHash {
  /** Unsigned 32-bit hash of bytes [start, end). */
  hash(buffer: Uint8Array, start: number, end: number): number;
}

export class ByteWiseHash implements KeyHash {
  readonly #multiplier: number;
  readonly #initial: number;

  constructor(rng: Rng) {
    // Odd, and 5 mod 8 as multiplicative generators want it; the rest is secret.
    this.#multiplier = (rng.uint32() & ~7) | 5 | 0;
    this.#initial = rng.uint32() | 0;
  }

  hash(buffer: Uint8Array, start: number, end: number): number {
    const multiplier = this.#multiplier;
    let hash = this.#initial ^ (end - start);
    for (let i = start; i < end; i++) hash = (Math.imul(hash ^ buffer[i]!, multiplier) + 0x3c6ef372) | 0;
    // fmix32 of MurmurHash3 (Appleby): the high bits, where the multiplication mixes best, reach the low ones.
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
