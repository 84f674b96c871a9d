/**
 * Integers as Redis reads and writes them: base ten, an optional '-', no leading zeros, no '+', no spaces, -(2^63)..2^63-1
 * (the rules of `string2ll`). Numbers where they are safe, bigint beyond.
 */
const ZERO = 48;
const MINUS = 45;
/** 15 digits always fit in 2^53. */
const SAFE_DIGITS = 15;

/** The bytes [start, end) as a safe integer, or NaN (not canonical, or outside +-(2^53 - 1)). */
export function parseSafeInteger(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = at < end && buffer[at] === MINUS;
  if (negative) at++;
  const digits = end - at;
  if (digits <= 0) return Number.NaN;
  const first = buffer[at]! - ZERO;
  if (first < 0 || first > 9) return Number.NaN;
  if (first === 0) return digits === 1 && !negative ? 0 : Number.NaN;
  if (digits > SAFE_DIGITS) {
    const wide = parseInt64(buffer, start, end);
    if (wide === undefined) return Number.NaN;
    const narrow = Number(wide);
    return Number.isSafeInteger(narrow) ? narrow : Number.NaN;
  }
  let value = first;
  for (at++; at < end; at++) {
    const digit = buffer[at]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

export const INT64_MAX = 9223372036854775807n;
export const INT64_MIN = -9223372036854775808n;

/** The bytes [start, end) as a signed 64-bit integer, or undefined if they are not one in canonical form. */
export function parseInt64(buffer: Uint8Array, start: number, end: number): bigint | undefined {
  const length = end - start;
  if (length <= 0 || length > 20) return undefined;
  let at = start;
  const negative = buffer[at] === MINUS;
  if (negative) at++;
  if (at === end) return undefined;
  if (buffer[at] === ZERO) return !negative && length === 1 ? 0n : undefined;
  let high = 0;
  let low = 0;
  let lowScale = 1;
  for (let i = at; i < end; i++) {
    const digit = buffer[i]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    if (i - at < SAFE_DIGITS) high = high * 10 + digit;
    else {
      low = low * 10 + digit;
      lowScale *= 10;
    }
  }
  const magnitude = BigInt(high) * BigInt(lowScale) + BigInt(low);
  const value = negative ? -magnitude : magnitude;
  return value > INT64_MAX || value < INT64_MIN ? undefined : value;
}

/** Decimal digits needed for `value`, a safe integer, including a '-'. */
export function integerLength(value: number): number {
  let length = value < 0 ? 2 : 1;
  let rest = value < 0 ? -value : value;
  while (rest >= 10) {
    rest = Math.floor(rest / 10);
    length++;
  }
  return length;
}

/** Writes a safe integer in ASCII at `at`; returns the offset behind it. */
export function writeInteger(target: Uint8Array, at: number, value: number): number {
  const end = at + integerLength(value);
  let rest = value;
  if (rest < 0) {
    target[at] = MINUS;
    rest = -rest;
  }
  let position = end - 1;
  while (rest >= 2147483648) {
    const next = Math.floor(rest / 10);
    target[position--] = ZERO + (rest - next * 10);
    rest = next;
  }
  let small = rest | 0;
  do {
    const next = (small / 10) | 0;
    target[position--] = ZERO + (small - next * 10);
    small = next;
  } while (small !== 0);
  return end;
}
