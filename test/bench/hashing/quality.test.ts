/**
 * What the index asks of a hash: few collisions in all 32 bits, and even use of the low bits (home slot), the middle ones (tag) and the
 * high ones (directory) by keys as people name them; every input bit reaching every output bit; collisions that no other seed shares.
 * Bounds are 6 standard deviations of what an ideal hash shows; everything is seeded, so a pass stays one.
 */
import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../../src/base/bytes.ts';
import { Prng } from '../../../src/base/prng.ts';
import { SeededRng } from '../../../src/ports/sim/seededRng.ts';
import type { KeyHash } from '../../../src/server/keyspace/hashing.ts';
import { hashes } from './hashes.ts';

const KEYS = 60_000;
const SIGMAS = 6;

const keySets: Record<string, (number: number) => Uint8Array> = {
  'sequential numbers': (number) => fromLatin1(String(number)),
  'zero-padded numbers': (number) => fromLatin1(`key:${String(number).padStart(12, '0')}`),
  'numbers behind a long prefix': (number) => fromLatin1(`tenant:production:session:${number}`),
  'numbers before a long suffix': (number) => fromLatin1(`${number}:profile:settings:theme`),
  'binary counters, little endian': (number) =>
    Uint8Array.of(number, number >>> 8, number >>> 16, 0, 0, 0, 0, 0),
  'two small coordinates in words apart': (number) => {
    const key = new Uint8Array(16);
    key[3] = number & 0xff;
    key[15] = number >>> 8;
    return key;
  },
};

/** Bit fields as the index takes them. */
const bitFields: Record<string, (hash: number) => number> = {
  'home slot, bits 0-8': (hash) => hash & 511,
  'tag, bits 9-16': (hash) => (hash >>> 9) & 255,
  'home slot and low tag, bits 0-11': (hash) => hash & 4095,
  'directory, bits 20-31': (hash) => hash >>> 20,
};

/** Of counts against an even spread, in standard deviations: chi-square, normal for so many cells. */
function unevenness(counts: Uint32Array, total: number): number {
  const mean = total / counts.length;
  let chiSquare = 0;
  for (const count of counts) chiSquare += (count - mean) ** 2 / mean;
  const degrees = counts.length - 1;
  return (chiSquare - degrees) / Math.sqrt(2 * degrees);
}

function spreadFaults(hash: KeyHash, key: (number: number) => Uint8Array): string[] {
  const values = new Uint32Array(KEYS);
  for (let i = 0; i < KEYS; i++) {
    const bytes = key(i);
    values[i] = hash.hash(bytes, 0, bytes.length);
  }
  const faults: string[] = [];
  const collisions = KEYS - new Set(values).size;
  const expected = KEYS ** 2 / 2 ** 33;
  if (collisions > expected + SIGMAS * Math.sqrt(expected) + 1) faults.push(`${collisions} collisions`);
  for (const [name, field] of Object.entries(bitFields)) {
    const counts = new Uint32Array(name.startsWith('tag') ? 256 : name.includes('0-8') ? 512 : 4096);
    for (const value of values) counts[field(value)]!++;
    const sigmas = unevenness(counts, KEYS);
    if (Math.abs(sigmas) > SIGMAS) faults.push(`${name}: ${sigmas.toFixed(1)} sigmas`);
  }
  return faults;
}

/** Input bits whose flip changes some output bit much more or less often than every second time. */
function avalancheFaults(hash: KeyHash, keyBytes: number): string[] {
  const trials = 1000;
  const prng = new Prng(keyBytes);
  const flips = new Uint32Array(keyBytes * 8 * 32);
  const key = new Uint8Array(keyBytes);
  for (let trial = 0; trial < trials; trial++) {
    for (let i = 0; i < keyBytes; i++) key[i] = prng.below(256);
    const before = hash.hash(key, 0, keyBytes);
    for (let bit = 0; bit < keyBytes * 8; bit++) {
      key[bit >>> 3]! ^= 1 << (bit & 7);
      const changed = before ^ hash.hash(key, 0, keyBytes);
      key[bit >>> 3]! ^= 1 << (bit & 7);
      for (let out = 0; out < 32; out++) flips[bit * 32 + out]! += (changed >>> out) & 1;
    }
  }
  const deviationMax = SIGMAS * Math.sqrt(trials / 4);
  const faults: string[] = [];
  for (const [cell, count] of flips.entries())
    if (Math.abs(count - trials / 2) > deviationMax)
      faults.push(`input bit ${cell >>> 5}, output bit ${cell & 31}: ${count}`);
  return faults;
}

describe.each(hashes.map(({ name, create }) => [name, create] as const))('%s', (_name, create) => {
  const hash = create(new SeededRng(1));

  it.each(Object.entries(keySets))('spreads %s', (_set, key) => {
    expect(spreadFaults(hash, key)).toEqual([]);
  });

  it.each([2, 4, 7, 8, 12, 16, 19])('lets every bit of %i bytes reach every bit', (keyBytes) => {
    expect(avalancheFaults(hash, keyBytes)).toEqual([]);
  });

  it('tells lengths apart, zero bytes only', () => {
    const zeros = new Uint8Array(64);
    const values = Array.from({ length: 65 }, (_, length) => hash.hash(zeros, 0, length));
    expect(new Set(values).size).toBe(65);
  });

  it('hashes bytes, wherever they lie', () => {
    const prng = new Prng(3);
    const bytes = Uint8Array.from({ length: 40 }, () => prng.below(256));
    for (let length = 0; length <= 40; length++) {
      const elsewhere = Buffer.alloc(60, 0xaa);
      elsewhere.set(bytes.subarray(0, length), 13);
      expect(hash.hash(elsewhere, 13, 13 + length)).toBe(hash.hash(bytes, 0, length));
    }
  });

  it('gives another result under another seed', () => {
    const other = create(new SeededRng(2));
    const prng = new Prng(4);
    const crowd: Uint8Array[] = [];
    // Keys that one process would put into one home slot.
    while (crowd.length < 200) {
      const key = fromLatin1(`user:${prng.below(1e9)}`);
      if ((hash.hash(key, 0, key.length) & 511) === 7) crowd.push(key);
    }
    const counts = new Uint32Array(512);
    for (const key of crowd) counts[other.hash(key, 0, key.length) & 511]!++;
    expect(Math.max(...counts)).toBeLessThan(10);
  });
});

describe('the checks', () => {
  it('find fault with FNV-1a, which has no finaliser', () => {
    const fnv: KeyHash = {
      hash(buffer, start, end) {
        let hash = 0x811c9dc5;
        for (let i = start; i < end; i++) hash = Math.imul(hash ^ buffer[i]!, 0x01000193);
        return hash >>> 0;
      },
    };
    expect(avalancheFaults(fnv, 8).length).toBeGreaterThan(100);
    expect(spreadFaults(fnv, keySets['zero-padded numbers']!)).not.toEqual([]);
  });
});
