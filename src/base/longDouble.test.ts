import { describe, expect, it } from 'vitest';
import { fromLatin1 } from './bytes.ts';
import {
  addLongDouble,
  formatLongDouble,
  LONG_DOUBLE_ZERO,
  type LongDouble,
  parseLongDouble,
} from './longDouble.ts';
import { LONG_DOUBLE_VECTORS } from './longDoubleVectors.ts';
import { Prng } from './prng.ts';

const parse = (text: string): LongDouble | undefined => parseLongDouble(fromLatin1(text), 0, text.length);

function add(a: string, b: string): string {
  const first = parse(a);
  const second = parse(b);
  if (first === undefined || second === undefined) return 'invalid';
  const sum = addLongDouble(first, second);
  return sum.kind === 'finite' ? formatLongDouble(sum) : 'infinite';
}

/** Finite and of any size, subnormal ones included. */
function random(rng: Prng): LongDouble {
  const significand = (BigInt(rng.uint32()) << 32n) | BigInt(rng.uint32());
  const negative = rng.below(2) === 1;
  if (rng.below(8) === 0)
    return { kind: 'finite', negative, significand: significand >> 1n, exponent: -16445 };
  const exponent = rng.below(4) === 0 ? rng.below(32766) - 16445 : rng.below(200) - 160;
  return { kind: 'finite', negative, significand: significand | (1n << 63n), exponent };
}

/** The value in units of 2^-16445. */
function exactly({ significand, exponent, negative }: LongDouble): bigint {
  const magnitude = significand << BigInt(exponent + 16445);
  return negative ? -magnitude : magnitude;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

describe('long doubles', () => {
  it('add up as Redis adds them', () => {
    const lines = LONG_DOUBLE_VECTORS.trim().split('\n');
    expect(lines.length).toBeGreaterThan(250);
    for (const line of lines) {
      const [a, b, sum] = line.split(' ') as [string, string, string];
      expect(add(a, b), `${a} + ${b}`).toBe(sum);
    }
  });

  it.each([
    ['10.5', '0.1', '10.6'],
    ['5.0e3', '2.0e2', '5200'],
    ['0.1', '0.2', '0.3'],
    ['3', '-3', '0'],
    ['-0', '-0', '0'],
    ['-1e-30', '0', '0'],
    ['18446744073709551617', '0', '18446744073709551616'],
    ['0x1p-18', '0', '0.00000381469726562'],
    ['inf', '-inf', 'infinite'],
    ['inf', '1', 'infinite'],
    ['1.1e4932', '1.1e4932', 'infinite'],
  ])('%s + %s = %s', (a, b, sum) => {
    expect(add(a, b)).toBe(sum);
  });

  it.each(['', ' 1', '1 ', 'abc', 'nan', '1e', '1.2e4932', '-1.2e4932', '1e-4952', '0x', '1'.repeat(5120)])(
    'refuse %j',
    (text) => {
      expect(parse(text)).toBeUndefined();
    },
  );

  it('take texts below 5 KB and round them once', () => {
    const third = `0.${'3'.repeat(5117)}`;
    expect(formatLongDouble(parse(third)!)).toBe('0.33333333333333333');
    expect(exactly(parse('3.6e-4951')!)).toBe(1n);
    expect(exactly(parse(`1.${'0'.repeat(4000)}1`)!)).toBe(1n << 16445n);
    // Halfway between 2^63 and its successor: to even, unless anything is behind it.
    expect(parse('9223372036854775808.5')!.significand).toBe(1n << 63n);
    expect(parse(`9223372036854775808.5${'0'.repeat(3000)}1`)!.significand).toBe((1n << 63n) + 1n);
  });

  it('round every sum to the nearest', () => {
    const seed = 80;
    const rng = new Prng(seed);
    for (let i = 0; i < 3000; i++) {
      const a = random(rng);
      const b = random(rng);
      const sum = addLongDouble(a, b);
      if (sum.kind === 'infinite') continue;
      const where = `seed ${seed}, round ${i}`;
      const error = magnitude(exactly(sum) - exactly(a) - exactly(b));
      const unit = 1n << BigInt(sum.exponent + 16445);
      expect(error * 2n <= unit, where).toBe(true);
      if (error * 2n === unit) expect(sum.significand & 1n, where).toBe(0n);
      expect(sum.significand < 1n << 64n, where).toBe(true);
      if (sum.exponent > -16445) expect(sum.significand >= 1n << 63n, where).toBe(true);
      expect(addLongDouble(b, a), where).toEqual(sum);
      expect(addLongDouble(a, LONG_DOUBLE_ZERO).significand, where).toBe(a.significand);
    }
  });
});
