/**
 * The grammar of numbers that C's `strtod` takes, over bytes, all of which must belong to the number:
 *
 *   [+-] ( digits [. digits] [e [+-] digits] | 0x hexdigits [. hexdigits] [p [+-] digits] | inf | infinity )
 *
 * with a digit on at least one side of the point. `nan` is left out: no caller accepts it.
 */

export interface NumberText {
  readonly kind: 'decimal' | 'hexadecimal' | 'infinity';
  readonly negative: boolean;
  /** Significant digits without point and leading zeros; '' for zero. */
  readonly digits: string;
  /** The value is `digits` times 10^exponent, for hexadecimal digits times 2^exponent. */
  readonly exponent: number;
}

/**
 * Digits kept; what follows counts as one more digit 1 if any of it is not zero. A halfway point between two doubles has at
 * most 767 significant digits and texts of long doubles are at most 5,119 characters, so nothing is rounded wrongly.
 */
const DIGITS_KEPT = 6000;
/** Beyond any exponent that could matter, yet safe to add to a text's length. */
const EXPONENT_LIMIT = 1e12;

const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** Value of a hexadecimal digit, or 16. */
function digitValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : 16;
}

function matches(bytes: Uint8Array, start: number, end: number, wordLower: string): boolean {
  if (end - start !== wordLower.length) return false;
  for (let i = 0; i < wordLower.length; i++)
    if ((bytes[start + i]! | 32) !== wordLower.charCodeAt(i)) return false;
  return true;
}

/** The number that the bytes [start, end) are, or undefined. */
export function scanNumber(bytes: Uint8Array, start: number, end: number): NumberText | undefined {
  let at = start;
  if (at >= end) return undefined;
  const negative = bytes[at] === MINUS;
  if (negative || bytes[at] === PLUS) at++;
  if (matches(bytes, at, end, 'inf') || matches(bytes, at, end, 'infinity')) {
    return { kind: 'infinity', negative, digits: '', exponent: 0 };
  }
  const hexadecimal = at + 1 < end && bytes[at] === ZERO && (bytes[at + 1]! | 32) === 120;
  if (hexadecimal) at += 2;
  const base = hexadecimal ? 16 : 10;
  const exponentPerDigit = hexadecimal ? 4 : 1;

  let digits = '';
  let exponent = 0;
  let digitSeen = false;
  let pointSeen = false;
  let restNonzero = false;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === POINT && !pointSeen) {
      pointSeen = true;
      continue;
    }
    const digit = digitValue(byte);
    if (digit >= base) break;
    digitSeen = true;
    if (pointSeen) exponent -= exponentPerDigit;
    if (digits === '' && digit === 0) continue;
    if (digits.length < DIGITS_KEPT) {
      digits += String.fromCharCode(byte);
    } else {
      if (digit !== 0) restNonzero = true;
      exponent += exponentPerDigit;
    }
  }
  if (!digitSeen) return undefined;
  if (restNonzero) {
    digits += '1';
    exponent -= exponentPerDigit;
  }
  if (at < end) {
    if ((bytes[at]! | 32) !== (hexadecimal ? 112 : 101)) return undefined;
    const written = scanExponent(bytes, at + 1, end);
    if (written === undefined) return undefined;
    exponent += written;
  }
  return { kind: hexadecimal ? 'hexadecimal' : 'decimal', negative, digits, exponent };
}

/** An optional sign and at least one digit; held within +-EXPONENT_LIMIT. */
function scanExponent(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  const negative = at < end && bytes[at] === MINUS;
  if (negative || (at < end && bytes[at] === PLUS)) at++;
  if (at === end) return undefined;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = Math.min(value * 10 + digit, EXPONENT_LIMIT);
  }
  return negative ? -value : value;
}
