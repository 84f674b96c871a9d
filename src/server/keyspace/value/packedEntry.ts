/**
 * The bytes of one field in the packed form of a hash.
 *
 *     entry   | field length | value length * 2 + t | expiry      | field   | value   |
 *     bytes     1, 3 or 5      1, 3 or 5              6, if t = 1   length    length
 *
 * A length is one byte up to 253; 254 announces two bytes behind it, 255 four (little endian). `t` says that an expiry
 * follows: milliseconds since the epoch, 48 bits, little endian (the largest Redis accepts is 2^46).
 */
import { assert } from '../../../base/assert.ts';

/** The greatest length that takes one byte. */
export const SHORT_MAX = 253;
const MARK_16 = 254;
const MARK_32 = 255;
export const EXPIRY_BYTES = 6;

/** Bytes that a length takes. */
export const lengthBytes = (length: number): number => (length <= SHORT_MAX ? 1 : length <= 0xffff ? 3 : 5);

export function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first <= SHORT_MAX) return first;
  if (first === MARK_16) return bytes[at + 1]! | (bytes[at + 2]! << 8);
  return (bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 24)) >>> 0;
}

export function expiryAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  return low + (bytes[at + 4]! | (bytes[at + 5]! << 8)) * 0x1_0000_0000;
}

/** Bytes that an entry occupies. */
export function packedEntryBytes(fieldLength: number, valueLength: number, expires: boolean): number {
  const expiryBytes = expires ? EXPIRY_BYTES : 0;
  return lengthBytes(fieldLength) + lengthBytes(valueLength * 2) + expiryBytes + fieldLength + valueLength;
}

/** Returns the offset behind it; the bytes must have room. */
export function writeLength(bytes: Uint8Array, at: number, length: number): number {
  if (length <= SHORT_MAX) {
    bytes[at] = length;
    return at + 1;
  }
  bytes[at + 1] = length & 0xff;
  bytes[at + 2] = (length >>> 8) & 0xff;
  if (length <= 0xffff) {
    bytes[at] = MARK_16;
    return at + 3;
  }
  bytes[at] = MARK_32;
  bytes[at + 3] = (length >>> 16) & 0xff;
  bytes[at + 4] = length >>> 24;
  return at + 5;
}

export function writeExpiry(bytes: Uint8Array, at: number, expireAtMs: number): void {
  assert(expireAtMs >= 0 && expireAtMs < 2 ** 48, 'a field expiry fits 48 bits');
  const low = expireAtMs >>> 0;
  const high = Math.floor(expireAtMs / 0x1_0000_0000);
  bytes[at] = low & 0xff;
  bytes[at + 1] = (low >>> 8) & 0xff;
  bytes[at + 2] = (low >>> 16) & 0xff;
  bytes[at + 3] = low >>> 24;
  bytes[at + 4] = high & 0xff;
  bytes[at + 5] = high >>> 8;
}
