/**
 * The x87 80-bit extended double: 64 bits of significand, exponents to +-16,383. Redis computes INCRBYFLOAT and HINCRBYFLOAT
 * in it and prints 17 decimals, so 10.5 + 0.1 is 10.6 there and 10.6 here; with ordinary doubles the last digits would differ.
 *
 * Values are exact (bigint significand times a power of two) and every operation rounds once, to nearest, ties to even, as the
 * hardware and the C library do.
 *
 * Invariant: a finite value has 2^63 <= significand < 2^64, or is subnormal or zero with the least exponent.
 */
import { scanNumber } from './numberText.ts';
import { bitLength, roundBinary } from './roundBinary.ts';

export interface LongDouble {
  readonly kind: 'finite' | 'infinite' | 'nan';
  readonly negative: boolean;
  /** 0 unless finite. */
  readonly significand: bigint;
  /** The value is significand * 2^exponent. */
  readonly exponent: number;
}

const PRECISION_BITS = 64;
const EXPONENT_MIN = -16445;
const EXPONENT_MAX = 16320;
/** Redis reads numbers through a buffer of 5 * 1024 bytes, terminator included. */
const TEXT_LENGTH_MAX = 5 * 1024 - 1;
/** 10^4933 is beyond the greatest value, 10^-4952 below half the least. */
const DECIMAL_MAGNITUDE_MAX = 4933;
const DECIMAL_MAGNITUDE_MIN = -4952;
const DECIMALS_PRINTED = 17n;

const NAN: LongDouble = { kind: 'nan', negative: false, significand: 0n, exponent: 0 };
export const LONG_DOUBLE_ZERO: LongDouble = {
  kind: 'finite',
  negative: false,
  significand: 0n,
  exponent: EXPONENT_MIN,
};

const infinity = (negative: boolean): LongDouble => ({
  kind: 'infinite',
  negative,
  significand: 0n,
  exponent: 0,
});

function rounded(negative: boolean, significand: bigint, exponent: number, inexact: boolean): LongDouble {
  const binary = roundBinary(significand, exponent, inexact, PRECISION_BITS, EXPONENT_MIN, EXPONENT_MAX);
  if (binary === undefined) return infinity(negative);
  return { kind: 'finite', negative, significand: binary.significand, exponent: binary.exponent };
}

/**
 * The bytes [start, end) as Redis takes a number: all of them, decimal or hexadecimal, `inf` and `infinity` included.
 * Undefined for anything else: NaN, overflow, underflow to zero, a text of 5 KB or more.
 */
export function parseLongDouble(bytes: Uint8Array, start: number, end: number): LongDouble | undefined {
  if (end - start > TEXT_LENGTH_MAX) return undefined;
  const text = scanNumber(bytes, start, end);
  if (text === undefined) return undefined;
  const { negative, digits, exponent } = text;
  if (text.kind === 'infinity') return infinity(negative);
  if (digits === '') return negative ? { ...LONG_DOUBLE_ZERO, negative } : LONG_DOUBLE_ZERO;
  let value: LongDouble;
  if (text.kind === 'hexadecimal') {
    value = rounded(negative, BigInt(`0x${digits}`), exponent, false);
  } else {
    const magnitude = exponent + digits.length;
    if (magnitude > DECIMAL_MAGNITUDE_MAX || magnitude < DECIMAL_MAGNITUDE_MIN) return undefined;
    value = fromDecimal(negative, BigInt(digits), exponent);
  }
  return value.kind === 'infinite' || value.significand === 0n ? undefined : value;
}

function fromDecimal(negative: boolean, digits: bigint, exponent: number): LongDouble {
  if (exponent >= 0) return rounded(negative, digits * 10n ** BigInt(exponent), 0, false);
  const divisor = 10n ** BigInt(-exponent);
  // Two bits more than the precision in the quotient, so that the remainder only has to say whether it is zero.
  const shift = Math.max(0, bitLength(divisor) - bitLength(digits) + PRECISION_BITS + 2);
  const numerator = digits << BigInt(shift);
  const quotient = numerator / divisor;
  return rounded(negative, quotient, -shift, quotient * divisor !== numerator);
}

/** a + b. Infinite on overflow; NaN for infinities of opposite signs. */
export function addLongDouble(a: LongDouble, b: LongDouble): LongDouble {
  if (a.kind !== 'finite' || b.kind !== 'finite') {
    if (a.kind === 'nan' || b.kind === 'nan') return NAN;
    if (a.kind === 'infinite' && b.kind === 'infinite' && a.negative !== b.negative) return NAN;
    return a.kind === 'infinite' ? a : b;
  }
  if (a.significand === 0n && b.significand === 0n) {
    return a.negative && b.negative ? a : LONG_DOUBLE_ZERO;
  }
  if (a.significand === 0n) return b;
  if (b.significand === 0n) return a;
  const [high, low] = a.exponent >= b.exponent ? [a, b] : [b, a];
  // Beyond 130 bits the lower operand only tilts a tie: one bit at that distance does the same, in 200 bits instead of 32,000.
  const distance = Math.min(high.exponent - low.exponent, 2 * PRECISION_BITS + 2);
  const lowSignificand = distance === high.exponent - low.exponent ? low.significand : 1n;
  const highSigned = (high.negative ? -high.significand : high.significand) << BigInt(distance);
  const sum = highSigned + (low.negative ? -lowSignificand : lowSignificand);
  if (sum === 0n) return LONG_DOUBLE_ZERO;
  return rounded(sum < 0n, sum < 0n ? -sum : sum, high.exponent - distance, false);
}

/** 17 decimals rounded half to even, trailing zeros and a bare point cut off, `-0` as `0`; `inf`, `-inf`, `nan`. */
export function formatLongDouble(value: LongDouble): string {
  if (value.kind === 'nan') return 'nan';
  if (value.kind === 'infinite') return value.negative ? '-inf' : 'inf';
  const { significand, exponent } = value;
  const sign = value.negative ? '-' : '';
  if (exponent >= 0) return sign + (significand << BigInt(exponent)).toString();

  const scale = 10n ** DECIMALS_PRINTED;
  // 2^64 * 10^17 < 2^121.
  if (exponent < -122) return '0';
  const places = BigInt(-exponent);
  const scaled = significand * scale;
  let units = scaled >> places;
  const rest = scaled - (units << places);
  const half = 1n << (places - 1n);
  if (rest > half || (rest === half && (units & 1n) === 1n)) units++;
  if (units === 0n) return '0';
  const integer = units / scale;
  const fraction = (units % scale).toString().padStart(Number(DECIMALS_PRINTED), '0').replace(/0+$/, '');
  return fraction === '' ? sign + integer : `${sign}${integer}.${fraction}`;
}
