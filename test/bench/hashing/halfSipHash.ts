/**
 * HalfSipHash-1-3 (Aumasson and Bernstein; with these rounds in Linux): SipHash with 32-bit words, the candidate that was designed
 * against an attacker. 64 secret bits, four bytes a round. The measure of what strength costs in plain JavaScript.
 */
import type { Rng } from '../../../src/ports/rng.ts';
import type { KeyHash } from '../../../src/server/keyspace/hashing.ts';

const FINAL_ROUNDS = 3;

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

export class HalfSipHash implements KeyHash {
  readonly #key0: number;
  readonly #key1: number;

  constructor(rng: Rng) {
    this.#key0 = rng.uint32() | 0;
    this.#key1 = rng.uint32() | 0;
  }

  hash(buffer: Uint8Array, start: number, end: number): number {
    let v0 = this.#key0;
    let v1 = this.#key1;
    let v2 = this.#key0 ^ 0x6c796765;
    let v3 = this.#key1 ^ 0x74656462;
    const words = (end - start) >>> 2;
    let last = (end - start) << 24;
    for (let i = start + words * 4, shift = 0; i < end; i++, shift += 8) last |= buffer[i]! << shift;
    const rounds = words + 1 + FINAL_ROUNDS;
    // One loop for the words, the last one with the length, and the final rounds: the round stands here once, and V8 inlines it.
    for (let round = 0; round < rounds; round++) {
      const message = round < words ? word(buffer, start + round * 4) : round === words ? last : 0;
      v3 ^= message;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= message;
      if (round === words) v2 ^= 0xff;
    }
    return (v1 ^ v3) >>> 0;
  }
}
