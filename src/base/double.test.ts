import { describe, expect, it } from 'vitest';
import { fromLatin1 } from './bytes.ts';
import { formatDouble, formatPrecise, parseDouble } from './double.ts';
import { DOUBLE_VECTORS } from './doubleVectors.ts';
import { grisuDigits } from './grisu.ts';
import { Prng } from './prng.ts';

const parse = (text: string): number => parseDouble(fromLatin1(text), 0, text.length);

function randomDouble(rng: Prng): number {
  const view = new DataView(new ArrayBuffer(8));
  for (;;) {
    view.setUint32(0, rng.uint32());
    view.setUint32(4, rng.uint32());
    const value = view.getFloat64(0);
    if (Number.isFinite(value)) return value;
  }
}

describe('formatDouble', () => {
  it('prints what Redis printed', () => {
    const lines = DOUBLE_VECTORS.trim().split('\n');
    expect(lines.length).toBeGreaterThan(150);
    for (const line of lines) {
      const [value, printed] = line.split(' ') as [string, string];
      expect(formatDouble(Number(value)), value).toBe(printed);
    }
  });

  it('reads back to the same double', () => {
    const seed = 20260801;
    const rng = new Prng(seed);
    for (let i = 0; i < 5000; i++) {
      const value = randomDouble(rng);
      expect(parse(formatDouble(value)), `seed ${seed}, round ${i}`).toBe(value);
    }
  });

  it('finds by its short cut the digits that Grisu2 finds', () => {
    const seed = 77;
    const rng = new Prng(seed);
    for (let i = 0; i < 5000; i++) {
      const value = Math.floor(rng.float() * 10 ** (1 + rng.below(15))) / 10 ** (1 + rng.below(12));
      if (Number.isInteger(value)) continue;
      const { digits } = grisuDigits(value);
      const printed = formatDouble(value).replace(/e.*/, '').replace('.', '').replace(/^0+/, '');
      expect(printed, `seed ${seed}, round ${i}: ${value}`).toBe(digits);
    }
  });

  it('prints integers up to 2^62 in full, larger ones with an exponent', () => {
    expect(formatDouble(2 ** 62)).toBe('4611686018427387904');
    expect(formatDouble(-(2 ** 62))).toBe('-4611686018427387904');
    expect(formatDouble(1e20)).toBe('1e+20');
    expect(formatDouble(-0)).toBe('-0');
    expect(formatDouble(Number.NaN)).toBe('nan');
  });
});

describe('parseDouble', () => {
  it.each([
    ['3', 3],
    ['-17', -17],
    ['+5', 5],
    ['007', 7],
    ['5.', 5],
    ['.5', 0.5],
    ['-.5e1', -5],
    ['1E2', 100],
    ['inf', Infinity],
    ['-INFINITY', -Infinity],
    ['+Inf', Infinity],
    ['0x1p4', 16],
    ['0X.8', 0.5],
    ['-0xAbP-4', -10.6875],
    ['0x1.', 1],
    ['5e-324', 5e-324],
    ['3e-324', 5e-324],
    ['0e999999999999', 0],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['0x1.fffffffffffff7p0', 1.9999999999999998],
    ['0x1.00000000000008p0', 1],
    ['0x1p-1074', 5e-324],
  ])('reads %s', (text, value) => {
    expect(parse(text)).toBe(value);
  });

  it('keeps the sign of zero', () => {
    expect(Object.is(parse('-0'), -0)).toBe(true);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '\t1',
    '.',
    '-',
    '+',
    '1e',
    '1e+',
    'e5',
    '0x',
    '0x.',
    '0x1p',
    '1.2.3',
    '1,5',
    '--1',
    'infi',
    'nan',
    '-nan',
    'nan(1)',
    '1e309',
    '-1e309',
    '2e-324',
    '1e-9999999999999999',
    '0x1p1024',
    '0x1p-1080',
    '1_0',
    '1\0',
  ])('refuses %j', (text) => {
    expect(parse(text)).toBeNaN();
  });

  it('rounds right however many digits there are', () => {
    const half = '9007199254740993';
    expect(parse(`${half}.${'0'.repeat(9000)}`)).toBe(9007199254740992);
    expect(parse(`${half}.${'0'.repeat(9000)}1`)).toBe(9007199254740994);
    expect(parse(`0.${'0'.repeat(9000)}1e9001`)).toBe(1);
  });
});

describe('formatPrecise', () => {
  // What printf("%.17g") of glibc prints.
  it.each([
    [3.14, '3.1400000000000001'],
    [-88.57, '-88.569999999999993'],
    [0.5, '0.5'],
    [2, '2'],
    [-0, '-0'],
    [1e16, '10000000000000000'],
    [1e17, '1e+17'],
    [1.5e300, '1.5000000000000001e+300'],
    [0.0001, '0.0001'],
    [0.00001, '1.0000000000000001e-05'],
    [5e-324, '4.9406564584124654e-324'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('prints %d', (value, text) => {
    expect(formatPrecise(value)).toBe(text);
  });
});
