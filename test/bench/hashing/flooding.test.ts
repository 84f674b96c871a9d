/** Why `fast-hash` is not simply MurmurHash3: what an attacker can prepare without knowing the seed. */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/base/prng.ts';
import { SeededRng } from '../../../src/ports/sim/seededRng.ts';
import type { KeyHash } from '../../../src/server/keyspace/hashing.ts';
import { hashes } from './hashes.ts';

const byName = (name: string) => hashes.find((each) => each.name === name)!.create;
const PREPARED_BLOCKS = 6;
const SEEDS = 20;

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
const SCRAMBLE_1 = 0xcc9e2d51;
const SCRAMBLE_2 = 0x1b873593;

/** The inverse of an odd number modulo 2^32, by Newton's iteration. */
function inverse(odd: number): number {
  let x = odd;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x));
  return x;
}
const scramble = (word: number): number => Math.imul(rotate(Math.imul(word, SCRAMBLE_1), 15), SCRAMBLE_2);
const unscramble = (word: number): number =>
  Math.imul(rotate(Math.imul(word, inverse(SCRAMBLE_2)), 17), inverse(SCRAMBLE_1));

/**
 * 2^PREPARED_BLOCKS keys that MurmurHash3 gives one hash whatever its seed (Aumasson and Bernstein 2012): a difference of 2^18 in a
 * scrambled word becomes 2^31 after the rotation, passes the multiplication by 5 unchanged, and 2^31 in the next word takes it away.
 */
function preparedKeys(): Uint8Array[] {
  const prng = new Prng(9);
  const blocks = Array.from({ length: PREPARED_BLOCKS }, () => {
    const [first, second] = [prng.uint32() | 0, prng.uint32() | 0];
    const twin = [unscramble(scramble(first) ^ (1 << 18)), unscramble(scramble(second) ^ (1 << 31))];
    return [[first, second], twin];
  });
  return Array.from({ length: 2 ** PREPARED_BLOCKS }, (_, choice) => {
    const words = blocks.flatMap((twins, block) => twins[(choice >>> block) & 1]!);
    return new Uint8Array(Int32Array.from(words).buffer);
  });
}

const distinct = (hash: KeyHash, keys: readonly Uint8Array[]): number =>
  new Set(keys.map((key) => hash.hash(key, 0, key.length))).size;

describe('keys prepared without knowing the seed', () => {
  const keys = preparedKeys();

  it('collide in MurmurHash3 under every seed', () => {
    for (let seed = 0; seed < SEEDS; seed++)
      expect(distinct(byName('MurmurHash3')(new SeededRng(seed)), keys)).toBe(1);
  });

  it.each(['byte-wise', 'folded multiply', 'HalfSipHash-1-3'])('do not in %s', (name) => {
    for (let seed = 0; seed < SEEDS; seed++)
      expect(distinct(byName(name)(new SeededRng(seed)), keys)).toBe(keys.length);
  });
});

describe.each(['byte-wise', 'folded multiply', 'HalfSipHash-1-3'])('%s', (name) => {
  it('has no difference of two bits that cancels itself under more than one seed in a hundred', () => {
    const keyBytes = 16;
    const bits = keyBytes * 8;
    const cancelled = new Uint8Array(bits * bits);
    for (let seed = 0; seed < 100; seed++) {
      const hash = byName(name)(new SeededRng(seed));
      const prng = new Prng(seed);
      const key = Uint8Array.from({ length: keyBytes }, () => prng.below(256));
      const whole = hash.hash(key, 0, keyBytes);
      const flip = (bit: number): void => {
        key[bit >>> 3]! ^= 1 << (bit & 7);
      };
      for (let first = 0; first < bits; first++) {
        flip(first);
        for (let second = first + 1; second < bits; second++) {
          flip(second);
          if (hash.hash(key, 0, keyBytes) === whole) cancelled[first * bits + second]!++;
          flip(second);
        }
        flip(first);
      }
    }
    expect(Math.max(...cancelled)).toBeLessThanOrEqual(1);
  });
});
