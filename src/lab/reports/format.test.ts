import { describe, expect, it } from 'vitest';
import {
  bytes,
  compact,
  compactTick,
  declared,
  duration,
  latency,
  latencyUnit,
  percent,
  pValue,
  quantileName,
  range,
  ratioWithRange,
  significant,
} from './format.ts';

describe('numbers for people', () => {
  it.each([
    [1234.5, '1,230'],
    [12.345, '12.3'],
    [0.045678, '0.0457'],
    [-3, '-3.00'],
    [0, '0'],
    [999.9, '1,000'],
    [123456789, '123,000,000'],
    [1e-9, '1.00e-9'],
  ])('keeps three significant digits of %d', (value, text) => expect(significant(value)).toBe(text));

  it.each([
    [1_834_000, '1.83M'],
    [92_060, '92.1k'],
    [9_999, '10.0k'],
    [9_123, '9,120'],
    [999_999, '1.00M'],
    [2.4e9, '2.40G'],
  ])('shortens the rate %d', (value, text) => expect(compact(value)).toBe(text));

  it('moves between microseconds, milliseconds and seconds without printing 1000 of any', () => {
    expect([412, 999.4, 999.6, 12_345, 999_499, 999_600].map(latency)).toEqual([
      '412 µs',
      '999 µs',
      '1.00 ms',
      '12.3 ms',
      '999 ms',
      '1.00 s',
    ]);
    expect(latencyUnit(0)).toEqual({ unit: 'µs', divisor: 1 });
  });

  it('says unknown or unbounded for what is not a finite number', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined])
      for (const print of [significant, compact, latency, percent, pValue, bytes, duration, declared])
        expect(print(value)).toBe('unknown');
    expect(range({ low: 0.5, high: Number.POSITIVE_INFINITY })).toBe('0.500 .. unbounded');
    expect(ratioWithRange({ estimate: Number.NaN, low: 0, high: 1, confidence: 0.95 })).toBe('unknown');
  });

  it('prints ranges, p-values, quantiles, bounds and durations as the reports show them', () => {
    expect(ratioWithRange({ estimate: 1.3234, low: 1.288, high: 1.3519, confidence: 0.95 })).toBe(
      '1.32× (1.29 .. 1.35)',
    );
    expect([0.00001, 0.0123, 1].map(pValue)).toEqual(['< 0.001', '0.012', '1']);
    expect([0.5, 0.99, 0.999, 0.9999, 0.99999, 1].map(quantileName)).toEqual([
      'p50',
      'p99',
      'p99.9',
      'p99.99',
      'p99.999',
      'max',
    ]);
    expect([1.5, 0.95, 1.2e6].map(declared)).toEqual(['1.5', '0.95', '1.2M']);
    expect([40_000, 250, 1.5e6].map(compactTick)).toEqual(['40k', '250', '1.5M']);
    expect([42, 3599, 5461].map(duration)).toEqual(['42.0 s', '59 min 59 s', '1 h 31 min']);
  });
});
