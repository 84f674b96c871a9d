/**
 * MurmurHash3 x86_32 (Appleby), the fast hash without a secret in its mixing: the yardstick for speed. Not for keys from outside: the
 * words are mixed by public bijections before they meet the seed, so sets of keys that collide under every seed can be computed.
 */
import type { Rng } from '../../../src/ports/rng.ts';
import type { KeyHash } from '../../../src/server/keyspace/hashing.ts';

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

const scramble = (input: number): number => {
  const mixed = Math.imul(input, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
};

export class MurmurHash3 implements KeyHash {
  readonly #seed: number;

  constructor(rng: Rng) {
    this.#seed = rng.uint32() | 0;
  }

  hash(buffer: Uint8Array, start: number, end: number): number {
    let hash = this.#seed;
    let i = start;
    for (; i + 4 <= end; i += 4) {
      hash ^= scramble(word(buffer, i));
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
    if (i < end) {
      let rest = 0;
      for (let shift = 0; i < end; i++, shift += 8) rest |= buffer[i]! << shift;
      hash ^= scramble(rest);
    }
    hash ^= end - start;
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
