/** Rounding of exact binary values to a floating-point format, to nearest, ties to even. */

export interface Binary {
  /** 0 <= significand < 2^precision; below 2^(precision-1) only at the least exponent (subnormal) or for zero. */
  readonly significand: bigint;
  readonly exponent: number;
}

/** Bits in a non-negative value, 0 for 0. */
export function bitLength(value: bigint): number {
  if (value === 0n) return 0;
  const hexadecimal = value.toString(16);
  return hexadecimal.length * 4 - Math.clz32(Number.parseInt(hexadecimal[0]!, 16)) + 28;
}

/**
 * Rounds significand * 2^exponent to `precision` bits with an exponent in [exponentMin, exponentMax].
 *
 * @param inexact the true value is a little larger: by more than nothing and less than one unit of `significand`
 * @returns undefined on overflow
 */
export function roundBinary(
  significand: bigint,
  exponent: number,
  inexact: boolean,
  precision: number,
  exponentMin: number,
  exponentMax: number,
): Binary | undefined {
  if (significand === 0n && !inexact) return { significand: 0n, exponent: exponentMin };
  const sticky = (significand << 1n) | (inexact ? 1n : 0n);
  const length = bitLength(sticky);
  const stickyExponent = exponent - 1;
  let target = Math.max(stickyExponent + length - precision, exponentMin);
  if (target > exponentMax) return undefined;
  const drop = target - stickyExponent;
  // Far below the least exponent everything rounds to zero; do not shift by astronomic amounts.
  if (drop > length + 1) return { significand: 0n, exponent: exponentMin };
  if (drop <= 0) return { significand: sticky << BigInt(-drop), exponent: target };
  const dropBits = BigInt(drop);
  let rounded = sticky >> dropBits;
  const rest = sticky - (rounded << dropBits);
  const half = 1n << (dropBits - 1n);
  if (rest > half || (rest === half && (rounded & 1n) === 1n)) rounded++;
  if (rounded === 1n << BigInt(precision)) {
    rounded >>= 1n;
    target++;
    if (target > exponentMax) return undefined;
  }
  return { significand: rounded, exponent: target };
}
