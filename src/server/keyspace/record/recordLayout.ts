/**
 * A record: one entry's header, key and value in consecutive 4-byte words (little-endian).
 *
 *   word 0        meta     bits 0-2 type | 3 expiry | 4 value outside | 5 key outside | 6 raw | 7 long expiry
 *                          | 8-19 key length (0 if outside) | 20-31 value length (0 if outside)
 *   word 1        access   bits 0-23 access word | 24-31 bits 32-39 of a short expiry
 *   word 2        expiry   only with bit 3: bits 0-31
 *   word 3                 only with bits 3 and 7: bits 32-63
 *   next word     slot     only with bit 4 or 5: number in the table of heap objects
 *   then          key bytes, value bytes, unpadded; the record ends at the next word
 *
 * An expiry is short if it is within 2^40 ms (34.8 years) after SHORT_EXPIRY_FROM_MS, and counts from there; any other is long, in ms
 * since the epoch. 8 bytes of header for a key without expiry, 12 with a short one, 16 with a long one. Lengths of up to 4,095 bytes
 * fit; what is longer lives on the heap and the record keeps its slot number. A key outside means a value outside.
 */
import { NO_EXPIRY } from '../keyspace.ts';

export const TYPE_MASK = 7;
export const HAS_EXPIRY = 8;
export const VALUE_OUTSIDE = 16;
export const KEY_OUTSIDE = 32;
export const RAW = 64;
export const LONG_EXPIRY = 128;
export const EXPIRY_FLAGS = HAS_EXPIRY | LONG_EXPIRY;
export const KEY_LENGTH_SHIFT = 8;
export const VALUE_LENGTH_SHIFT = 20;
export const LENGTH_MASK = 0xfff;
export const LENGTH_MAX = 0xfff;
/** September 2020: short expiries reach from there to July 2055. */
export const SHORT_EXPIRY_FROM_MS = 1.6e12;
const SHORT_EXPIRY_RANGE_MS = 2 ** 40;
/** Header with a long expiry and a slot number: the most a header takes. */
export const HEADER_BYTES_MAX = 20;

/** Header words by meta bits 3-7. */
const HEADER_WORDS = Uint8Array.from({ length: 32 }, (_, bits) => {
  const meta = bits << 3;
  const expiryWords = (meta & HAS_EXPIRY) === 0 ? 0 : (meta & LONG_EXPIRY) === 0 ? 1 : 2;
  return 2 + expiryWords + ((meta & (VALUE_OUTSIDE | KEY_OUTSIDE)) === 0 ? 0 : 1);
});
export const headerWords = (meta: number): number => HEADER_WORDS[(meta >>> 3) & 31]!;

/** Flags of a record with this expiry. @param expireAtMs ms since the epoch, or NO_EXPIRY. */
export function expiryFlags(expireAtMs: number): number {
  if (expireAtMs === NO_EXPIRY) return 0;
  const sinceMs = expireAtMs - SHORT_EXPIRY_FROM_MS;
  return sinceMs >= 0 && sinceMs < SHORT_EXPIRY_RANGE_MS ? HAS_EXPIRY : EXPIRY_FLAGS;
}

/** Words of a record with this meta word. */
export const recordWords = (meta: number): number =>
  headerWords(meta) +
  ((((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK) + (meta >>> VALUE_LENGTH_SHIFT) + 3) >>> 2);
