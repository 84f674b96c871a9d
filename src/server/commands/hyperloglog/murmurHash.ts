/**
 * MurmurHash64A (Austin Appleby, public domain) as Redis's HyperLogLogs use it, little-endian. 64-bit numbers are two unsigned halves: a bigint
 * for each step would cost ten times as much.
 */
const M_HIGH = 0xc6a4a793;
const M_LOW = 0x5bd1e995;
const SEED = 0xadc83b19;

/** The last result: unsigned halves. */
export const hash = { high: 0, low: 0 };

/** hash *= M, modulo 2^64. */
function multiply(): void {
  const { high, low } = hash;
  const [lowA, lowB] = [low & 0xffff, low >>> 16];
  const [mA, mB] = [M_LOW & 0xffff, M_LOW >>> 16];
  const cross = lowB * mA + ((lowA * mA) >>> 16);
  const middle = lowA * mB + (cross & 0xffff);
  const carry = lowB * mB + Math.floor(cross / 0x10000) + Math.floor(middle / 0x10000);
  hash.high = (carry + Math.imul(high, M_LOW) + Math.imul(low, M_HIGH)) >>> 0;
  hash.low = Math.imul(low, M_LOW) >>> 0;
}

/** hash ^= hash >> 47. */
function fold(): void {
  hash.low = (hash.low ^ (hash.high >>> 15)) >>> 0;
}

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;

/** Hashes bytes [start, end) into `hash`. */
export function murmurHash(bytes: Uint8Array, start: number, end: number): void {
  const length = end - start;
  hash.high = 0;
  hash.low = length;
  multiply();
  let high = hash.high;
  let low = (hash.low ^ SEED) >>> 0;
  const blocksEnd = start + (length & ~7);
  for (let at = start; at < blocksEnd; at += 8) {
    hash.low = word(bytes, at);
    hash.high = word(bytes, at + 4);
    multiply();
    fold();
    multiply();
    hash.high = (hash.high ^ high) >>> 0;
    hash.low = (hash.low ^ low) >>> 0;
    multiply();
    ({ high, low } = hash);
  }
  hash.high = high;
  hash.low = low;
  if (blocksEnd < end) {
    for (let at = blocksEnd, shift = 0; at < end; at++, shift += 8) {
      if (shift < 32) hash.low = (hash.low ^ (bytes[at]! << shift)) >>> 0;
      else hash.high = (hash.high ^ (bytes[at]! << (shift - 32))) >>> 0;
    }
    multiply();
  }
  fold();
  multiply();
  fold();
}
