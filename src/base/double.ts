/**
 * Doubles as Redis reads and writes them.
 *
 * Writing: an integer within +-2^62 in full; anything else in Grisu2's digits, plain while that is short, with a signed
 * exponent beyond (1e+20, 1.5e-7). Reading: the whole text must be one number of C's `strtod`: decimal or hexadecimal,
 * `inf`, `infinity`; not empty, no surrounding space, no NaN, no overflow, no underflow to zero.
 */
import { type Decimal, grisuDigits } from './grisu.ts';
import { parseSafeInteger } from './integer.ts';
import { scanNumber } from './numberText.ts';
import { roundBinary } from './roundBinary.ts';

const INTEGER_LIMIT = 2 ** 62;

/** `value` as replies print it: `3`, `0.1`, `1e+20`, `-0`, `inf`, `-inf`, `nan`. */
export function formatDouble(value: number): string {
  if (Number.isInteger(value) && value <= INTEGER_LIMIT && value >= -INTEGER_LIMIT) {
    if (value === 0) return 1 / value < 0 ? '-0' : '0';
    return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
  }
  return formatShortest(value);
}

/** As formatDouble, integers no more in full than other numbers: `1e+8`. */
export function formatShortest(value: number): string {
  if (value === 0) return 1 / value < 0 ? '-0' : '0';
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  const negative = value < 0;
  const magnitude = negative ? -value : value;
  const text = layOut(shortDecimal(magnitude) ?? grisuDigits(magnitude), negative);
  return negative ? `-${text}` : text;
}

/** `value` as C's `%.17g` prints it, which Redis uses in some replies: `3.1400000000000001`, `1e+17`, `inf`. */
export function formatPrecise(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatShortest(value);
  const [digits, exponentText] = value.toExponential(16).split('e') as [string, string];
  const exponent = Number(exponentText);
  const withoutZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent >= -4 && exponent < 17) return withoutZeros(value.toFixed(16 - exponent));
  const magnitude = String(Math.abs(exponent)).padStart(2, '0');
  return `${withoutZeros(digits)}e${exponent < 0 ? '-' : '+'}${magnitude}`;
}

/** Veltkamp's constant: splits a double into two halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;

/**
 * The digits of a magnitude that is a plain decimal of at most 15 digits, without bigints; undefined if it is not, or if
 * Grisu2 might find others. Grisu2 finds the decimal D with the fewest digits when D lies well inside the interval that
 * rounds to `value`: its own error is below 2^-9 of that interval's half. So the distance between D and `value` is computed
 * exactly (D = m / 10^p; m and 10^p are exact; value * 10^p as a sum of two doubles, after Dekker 1971) and must be below
 * 15/32 of the spacing of doubles. A decimal of at most 15 digits is alone in that interval.
 */
function shortDecimal(value: number): Decimal | undefined {
  if (value < 1e-6 || value >= 1e15) return undefined;
  const text = String(value);
  const pointAt = text.indexOf('.');
  const places = text.length - pointAt - 1;
  if (pointAt < 0 || places > 22) return undefined;
  const m = Number(text.slice(0, pointAt) + text.slice(pointAt + 1));
  // Above 10^15 the digits are more than 15.
  if (m >= 1e15) return undefined;
  const power = 10 ** places;
  const product = value * power;
  const valueHigh = value * SPLITTER - (value * SPLITTER - value);
  const valueLow = value - valueHigh;
  const powerHigh = power * SPLITTER - (power * SPLITTER - power);
  const powerLow = power - powerHigh;
  const error =
    valueLow * powerLow - (product - valueHigh * powerHigh - valueLow * powerHigh - valueHigh * powerLow);
  const distance = Math.abs(m - product - error) / power;
  let exponent = Math.floor(Math.log2(value));
  if (2 ** exponent > value) exponent--;
  // Below a power of two the doubles stand twice as dense.
  const spacing = 2 ** (exponent - (value === 2 ** exponent ? 53 : 52));
  if (distance > (spacing * 15) / 32) return undefined;
  return { digits: String(m), exponent: -places };
}

/** Places point, zeros and exponent. */
function layOut(decimal: Decimal, negative: boolean): string {
  const { digits, exponent } = decimal;
  const count = digits.length;
  const magnitude = exponent + count - 1;
  const magnitudeAbsolute = Math.abs(magnitude);
  if (exponent >= 0 && magnitudeAbsolute < count + 7) return digits + '0'.repeat(exponent);
  if (exponent < 0 && (exponent > -7 || magnitudeAbsolute < 4)) {
    const integerDigits = count + exponent;
    if (integerDigits <= 0) return `0.${'0'.repeat(-integerDigits)}${digits}`;
    return `${digits.slice(0, integerDigits)}.${digits.slice(integerDigits)}`;
  }
  const kept = digits.slice(0, negative ? 17 : 18);
  const fraction = kept.length > 1 ? `.${kept.slice(1)}` : '';
  return `${kept[0]}${fraction}e${magnitude < 0 ? '-' : '+'}${magnitudeAbsolute}`;
}

/** The bytes [start, end) as a double, or NaN if they are not one. */
export function parseDouble(bytes: Uint8Array, start: number, end: number): number {
  const integer = parseSafeInteger(bytes, start, end);
  if (!Number.isNaN(integer)) return integer;
  const text = scanNumber(bytes, start, end);
  if (text === undefined) return Number.NaN;
  const magnitude =
    text.kind === 'infinity' ? Infinity : finite(text.kind === 'decimal', text.digits, text.exponent);
  return text.negative ? -magnitude : magnitude;
}

function finite(decimal: boolean, digits: string, exponent: number): number {
  if (digits === '') return 0;
  let value: number;
  if (decimal) {
    value = Number(`${digits}e${exponent}`);
  } else {
    const rounded = roundBinary(BigInt(`0x${digits}`), exponent, false, 53, -1074, 971);
    if (rounded === undefined) return Number.NaN;
    value = Number(rounded.significand) * 2 ** rounded.exponent;
  }
  // Both ends are range errors; a subnormal is a number like any other.
  return value === 0 || value === Infinity ? Number.NaN : value;
}
