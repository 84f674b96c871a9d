/**
 * A record: one entry's header, key and value in consecutive 4-byte words (little-endian).
 *
 *   word 0        meta     bits 0-2 type | 3 expiry | 4 value outside | 5 key outside | 6 raw | 7 unused
 *                          | 8-19 key length (0 if outside) | 20-31 value length (0 if outside)
 *   word 1        access   bits 0-23 access word | 24-31 unused
 *   words 2-3     expiry   only with bit 3: ms since the epoch, low word then high word
 *   next word     slot     only with bit 4 or 5: number in the table of heap objects
 *   then          key bytes, value bytes, unpadded; the record ends at the next word
 *
 * 8 bytes of header for a key without expiry, 16 with. Lengths of up to 4,095 bytes fit; what is longer lives on the heap and the
 * record keeps its slot number. A key outside means a value outside.
 */
export const TYPE_MASK = 7;
export const HAS_EXPIRY = 8;
export const VALUE_OUTSIDE = 16;
export const KEY_OUTSIDE = 32;
export const RAW = 64;
export const KEY_LENGTH_SHIFT = 8;
export const VALUE_LENGTH_SHIFT = 20;
export const LENGTH_MASK = 0xfff;
export const LENGTH_MAX = 0xfff;
/** Header with expiry and slot number: the most a header takes. */
export const HEADER_BYTES_MAX = 20;

/** Header words by meta bits 3-5 (expiry, value outside, key outside). */
export const HEADER_WORDS = Uint8Array.of(2, 4, 3, 5, 3, 5, 3, 5);
export const headerWords = (meta: number): number => HEADER_WORDS[(meta >>> 3) & 7]!;

/** Words of a record with this meta word. */
export const recordWords = (meta: number): number =>
  headerWords(meta) +
  ((((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK) + (meta >>> VALUE_LENGTH_SHIFT) + 3) >>> 2);
