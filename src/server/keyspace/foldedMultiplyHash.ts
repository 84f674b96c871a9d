/**
 * Flag `fast-hash`, candidate: eight bytes a step, folded by a widening multiplication with secrets, then a finaliser.
 *
 *     step    hash = low32(p) ^ high32(p),   p = (word0 ^ secret) * (word1 ^ hash)
 *
 * Why this one: a step waits for one multiplication where the byte-wise hash waits for eight. JavaScript has no widening integer
 * multiplication; `Math.imul` gives the low half exactly, the product as a double gives the high half (of 53 bits: rounding carries
 * into it once in some million products, and always in the same way, since IEEE 754 leaves nothing open). Keys that are no
 * multiple of eight end in a step over their last eight bytes, which overlaps the one before: no byte-wise rest.
 *
 * Compared (`make bench ARGS="--only hashing"`, quality in `test/bench/hashing/quality.test.ts`):
 * - MurmurHash3 is as fast on short keys and faster from 32 bytes on, but sets of keys that collide under every seed are public;
 * - words read through a DataView save a nanosecond or two while the buffer stays the same, but a view must be made for each
 *   other buffer (arenas, fresh copies), which costs far more, and making one moves small arrays off V8's heap;
 * - the exact product put together from 16-bit halves takes four multiplications and a dozen instructions more;
 * - WebAssembly multiplies 64 bits exactly, but the key must be copied into its memory first: it wins from about 100 bytes on;
 * - HalfSipHash-1-3 is the one with a security claim, and three times as slow as this.
 *
 * Against flooding: both operands of each product are masked by secrets drawn at start, so how two keys differ after a step depends on
 * the secret, and no set of keys that collide under all seeds is known. That is the posture of wyhash, not the proof of SipHash: whoever
 * could measure single probes precisely enough might learn about the secret, and 32 bits are soon searched. The index bounds what can be
 * gained by it (a segment that collisions keep full asserts, see `index/segmentedIndex.ts`).
 *
 * Source: the multiply-and-fold of wyhash (Wang Yi) in its 32-bit form; finaliser fmix32 of MurmurHash3 (Appleby).
 */
import type { Rng } from '../../ports/rng.ts';
import type { KeyHash } from './hashing.ts';

const TWO_TO_MINUS_32 = 2 ** -32;

/** Four bytes at `at`, little endian. */
const word = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

/** Both halves of the 64-bit product of two 32-bit words, xored; the high half is what a double knows of it. */
const fold = (a: number, b: number): number => Math.imul(a, b) ^ ((a >>> 0) * (b >>> 0) * TWO_TO_MINUS_32);

export class FoldedMultiplyHash implements KeyHash {
  readonly #secret: number;
  readonly #initial: number;

  constructor(rng: Rng) {
    this.#secret = rng.uint32() | 0;
    this.#initial = rng.uint32() | 0;
  }

  hash(buffer: Uint8Array, start: number, end: number): number {
    const secret = this.#secret;
    const length = end - start;
    let hash = this.#initial ^ length;
    if (length >= 8) {
      const last = end - 8;
      for (let i = start; i < last; i += 8) hash = fold(word(buffer, i) ^ secret, word(buffer, i + 4) ^ hash);
      hash = fold(word(buffer, last) ^ secret, word(buffer, last + 4) ^ hash);
    } else if (length >= 4) {
      hash = fold(word(buffer, start) ^ secret, word(buffer, end - 4) ^ hash);
    } else if (length > 0) {
      // First, middle and last byte are all there are.
      const bytes = buffer[start]! | (buffer[start + (length >> 1)]! << 8) | (buffer[end - 1]! << 16);
      hash = fold(bytes ^ secret, hash);
    }
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
