/** Integers of any width at any bit: what BITFIELD reads and writes. */
import { INT64_MAX } from '../../../base/integer.ts';

export interface FieldType {
  readonly signed: boolean;
  /** 1 to 64, unsigned to 63. */
  readonly bits: number;
}

export type Overflow = 'WRAP' | 'SAT' | 'FAIL';

const WINDOW_BYTES = 9;

/** The field at bit `offset`; beyond the end of the bytes there are zeros. */
export function readField(bytes: Uint8Array, offset: number, { bits, signed }: FieldType): bigint {
  const first = Math.floor(offset / 8);
  let window = 0n;
  for (let i = 0; i < WINDOW_BYTES; i++) window = (window << 8n) | BigInt(bytes[first + i] ?? 0);
  const value = window >> BigInt(WINDOW_BYTES * 8 - (offset % 8) - bits);
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** Writes the low bits of `value`; the bytes must have room. */
export function writeField(bytes: Uint8Array, offset: number, bits: number, value: bigint): void {
  const low = BigInt.asUintN(bits, value);
  for (let i = 0; i < bits; i++) {
    const at = offset + i;
    const mask = 1 << (7 - (at % 8));
    const isOne = ((low >> BigInt(bits - 1 - i)) & 1n) === 1n;
    const byte = bytes[Math.floor(at / 8)]!;
    bytes[Math.floor(at / 8)] = isOne ? byte | mask : byte & ~mask;
  }
}

/**
 * What becomes of a value that may not fit; undefined if it is to fail. `isSum`: it came about by adding. One that is set and lies 2^63 or more
 * below the largest saturates there: in Redis that difference overflows.
 */
export function fitField(
  value: bigint,
  { bits, signed }: FieldType,
  overflow: Overflow,
  isSum: boolean,
): bigint | undefined {
  const max = signed ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n;
  const min = signed ? -max - 1n : 0n;
  if (value >= min && value <= max) return value;
  if (overflow === 'FAIL') return undefined;
  if (overflow === 'SAT') return value > max || (!isSum && bits < 64 && max - value > INT64_MAX) ? max : min;
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}
