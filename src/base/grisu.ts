/**
 * Decimal digits of a double by Grisu2 (Florian Loitsch, "Printing floating-point numbers quickly and accurately with
 * integers", 2010), with 64-bit significands.
 *
 * Why not the runtime's own shortest digits: Redis prints with Grisu2, which for about one double in a thousand gives one
 * digit more than needed or a neighbour of the closest. Replies must be equal to the byte, so these cases matter. The
 * rounding of each step (a product's low half rounded at bit 31, boundaries drawn in by one unit) is part of the contract.
 *
 * Doubles that are short decimals never come here: `double.ts` recognises them without bigints.
 */

import { bitLength } from './roundBinary.ts';

/** Significand times 2^exponent. */
interface Scaled {
  readonly significand: bigint;
  readonly exponent: number;
}

/** `digits` (no leading zero) times 10^exponent. */
export interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

const FRACTION_BITS = 52;
const HIDDEN_BIT = 1n << 52n;
const MASK_32 = 0xffff_ffffn;

/** Powers 10^-348, 10^-340, ... 10^340: with steps of 8 (26.6 bits) one always lands in the 28-bit window below. */
const POWER_FIRST = -348;
const POWER_STEP = 8;
const POWER_COUNT = 87;
/** The scaled upper boundary has its binary point 32 to 60 bits from the right: integer part in 32 bits, room for a digit. */
const WINDOW_MIN = -60;
const WINDOW_MAX = -32;

/** 10^k with a significand of exactly 64 bits, rounded to nearest. */
function powerOfTen(k: number): Scaled {
  let exponent = 0;
  let value: bigint;
  if (k >= 0) {
    value = 10n ** BigInt(k);
  } else {
    const divisor = 10n ** BigInt(-k);
    const shift = bitLength(divisor) + 80;
    value = (1n << BigInt(shift)) / divisor;
    exponent = -shift;
  }
  const excess = bitLength(value) - 64;
  if (excess <= 0) return { significand: value << BigInt(-excess), exponent: exponent + excess };
  return { significand: (value + (1n << BigInt(excess - 1))) >> BigInt(excess), exponent: exponent + excess };
}

const POWERS: readonly Scaled[] = Array.from({ length: POWER_COUNT }, (_, i) =>
  powerOfTen(POWER_FIRST + i * POWER_STEP),
);

/** Index of the power that brings a number of binary exponent `exponent` into the window. */
function powerIndex(exponent: number): number {
  const approximate = Math.trunc(-(exponent + POWER_COUNT) * Math.LOG10E * Math.LN2);
  let index = Math.trunc((approximate - POWER_FIRST) / POWER_STEP);
  for (;;) {
    const scaled = exponent + POWERS[index]!.exponent + 64;
    if (scaled < WINDOW_MIN) index++;
    else if (scaled > WINDOW_MAX) index--;
    else return index;
  }
}

/** High 64 bits of the product, rounded from bit 31 of the low half's upper word. */
function multiplyHigh(a: bigint, b: bigint): bigint {
  const crossLow = (a >> 32n) * (b & MASK_32);
  const crossHigh = (a & MASK_32) * (b >> 32n);
  const middle =
    (crossLow & MASK_32) + (crossHigh & MASK_32) + (((a & MASK_32) * (b & MASK_32)) >> 32n) + 0x8000_0000n;
  return (a >> 32n) * (b >> 32n) + (crossLow >> 32n) + (crossHigh >> 32n) + (middle >> 32n);
}

/** Digits of `value`: finite and greater than zero. */
export function grisuDigits(value: number): Decimal {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = (bits & (HIDDEN_BIT - 1n)) | (biased === 0 ? 0n : HIDDEN_BIT);
  const exponent = Math.max(biased, 1) - 1023 - FRACTION_BITS;

  // The midpoints to the neighbours; the lower neighbour of a power of two is half as far.
  const lead = BigInt(64 - bitLength(fraction));
  const upper = ((fraction << 1n) + 1n) << (lead - 1n);
  const closer = fraction === HIDDEN_BIT;
  const lower = closer ? ((fraction << 2n) - 1n) << (lead - 2n) : ((fraction << 1n) - 1n) << (lead - 1n);
  const scaledExponent = exponent - Number(lead);

  const index = powerIndex(scaledExponent);
  const power = POWERS[index]!;
  const w = multiplyHigh(fraction << lead, power.significand);
  const high = multiplyHigh(upper, power.significand) - 1n;
  const low = multiplyHigh(lower, power.significand) + 1n;
  const pointBits = -(scaledExponent + power.exponent + 64);
  return generate(w, high, low, pointBits, -(POWER_FIRST + index * POWER_STEP));
}

/** The fewest digits of a number in [low, high], then moved towards w. All three have `pointBits` bits behind the point. */
function generate(w: bigint, high: bigint, low: bigint, pointBits: number, exponentStart: number): Decimal {
  const point = BigInt(pointBits);
  const one = 1n << point;
  let distance = high - w;
  let delta = high - low;
  let integral = Number(high >> point);
  let rest = high & (one - 1n);
  let digits = '';

  let divisor = 1_000_000_000;
  for (let kappa = 9; kappa >= 0; kappa--, divisor /= 10) {
    const digit = Math.floor(integral / divisor);
    if (digit !== 0 || digits !== '') digits += digit;
    integral -= digit * divisor;
    const remainder = (BigInt(integral) << point) + rest;
    if (remainder <= delta) {
      const unit = BigInt(divisor) << point;
      return { digits: approach(digits, delta, remainder, unit, distance), exponent: exponentStart + kappa };
    }
  }
  for (let kappa = -1; ; kappa--) {
    rest *= 10n;
    delta *= 10n;
    distance *= 10n;
    const digit = Number(rest >> point);
    if (digit !== 0 || digits !== '') digits += digit;
    rest &= one - 1n;
    if (rest < delta)
      return { digits: approach(digits, delta, rest, one, distance), exponent: exponentStart + kappa };
  }
}

/** Lowers the last digit while that brings the number closer to w and keeps it above the lower boundary. */
function approach(
  digits: string,
  delta: bigint,
  remainderStart: bigint,
  unit: bigint,
  distance: bigint,
): string {
  let remainder = remainderStart;
  let last = digits.charCodeAt(digits.length - 1);
  while (
    remainder < distance &&
    delta - remainder >= unit &&
    (remainder + unit < distance || distance - remainder > remainder + unit - distance)
  ) {
    last--;
    remainder += unit;
  }
  return digits.slice(0, -1) + String.fromCharCode(last);
}
