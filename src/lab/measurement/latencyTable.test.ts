import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import {
  bucketHighNs,
  bucketLowNs,
  bucketOfLatencyNs,
  LatencyTable,
  latencyNsTrackableMax,
  latencyTableBuckets,
} from './latencyTable.ts';

/** Log-uniform latencies between 10 ns and 100 s: every octave of the table sees some. */
function logUniformNs(prng: Prng): number {
  return Math.floor(10 * 10 ** (prng.float() * 10));
}

describe('buckets', () => {
  it('tile the whole range without gap or overlap, each less than 0.1 % wide', () => {
    expect(bucketLowNs(0)).toBe(0);
    for (let index = 0; index < latencyTableBuckets; index++) {
      const low = bucketLowNs(index);
      const high = bucketHighNs(index);
      if (bucketOfLatencyNs(low) !== index || bucketOfLatencyNs(high) !== index)
        expect.fail(`bucket ${index}`);
      if (index > 0 && low !== bucketHighNs(index - 1) + 1) expect.fail(`gap before bucket ${index}`);
      if (high - low > low / 1000) expect.fail(`bucket ${index} is too wide`);
    }
    expect(bucketHighNs(latencyTableBuckets - 1)).toBe(latencyNsTrackableMax);
  });

  it('cut fractions off, below and above 2^31', () => {
    expect(bucketOfLatencyNs(7.9)).toBe(7);
    expect(bucketOfLatencyNs(2 ** 31 - 0.5)).toBe(bucketOfLatencyNs(2 ** 31 - 1));
    expect(bucketOfLatencyNs(2 ** 33 + 0.5)).toBe(bucketOfLatencyNs(2 ** 33));
  });
});

describe('LatencyTable', () => {
  it('agrees with hdr-histogram-js on every quantile of random latencies', () => {
    const seed = 20260101;
    const prng = new Prng(seed);
    const table = new LatencyTable();
    const oracle = build({
      bitBucketSize: 64,
      highestTrackableValue: 2 ** 40,
      numberOfSignificantValueDigits: 3,
    });
    for (let i = 0; i < 20_000; i++) {
      const ns = logUniformNs(prng);
      table.record(ns);
      oracle.recordValue(ns);
    }
    for (const q of [0.001, 0.07, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999]) {
      const expected = Math.min(oracle.getValueAtPercentile(q * 100), table.maxNs);
      expect(table.quantileNs(q), `q ${q}, seed ${seed}`).toBe(expected);
    }
    expect(table.maxNs).toBe(oracle.maxValue);
    expect(Math.abs(table.meanNs() / oracle.mean - 1)).toBeLessThan(1e-3);
  });

  it('is within 0.1 % of the exact order statistic', () => {
    const seed = 7;
    const prng = new Prng(seed);
    const table = new LatencyTable();
    const values = Array.from({ length: 5000 }, () => logUniformNs(prng));
    for (const ns of values) table.record(ns);
    values.sort((a, b) => a - b);
    for (const q of [0.1, 0.5, 0.95, 0.999]) {
      const exact = values[Math.ceil(q * values.length) - 1]!;
      const relative = table.quantileNs(q) / exact - 1;
      expect(relative, `q ${q}, seed ${seed}`).toBeGreaterThanOrEqual(0);
      expect(relative, `q ${q}, seed ${seed}`).toBeLessThan(1e-3);
    }
  });

  it('keeps minimum and maximum exact, also beyond the last bucket', () => {
    const table = new LatencyTable();
    table.record(1_234_567_891);
    table.record(1_000_003);
    expect([table.minNs, table.maxNs]).toEqual([1_000_003, 1_234_567_891]);
    table.record(3e12);
    expect(table.maxNs).toBe(3e12);
    expect(table.counts[latencyTableBuckets - 1]).toBe(1);
    expect(table.quantilesNs([0, 1])).toEqual([1_000_003, 3e12]);
  });

  it('takes the rank that was asked for, not one above it by rounding', () => {
    const table = new LatencyTable();
    for (let ns = 1; ns <= 100; ns++) table.record(ns);
    // 0.07 * 100 is 7.000000000000001 in binary floating point.
    expect(table.quantileNs(0.07)).toBe(7);
    expect(table.quantilesNs([0.29, 0.57, 0.58])).toEqual([29, 57, 58]);
  });

  it('adds as if all values had been recorded in one table', () => {
    const prng = new Prng(3);
    const [left, right, whole] = [new LatencyTable(), new LatencyTable(), new LatencyTable()];
    for (let i = 0; i < 1000; i++) {
      const ns = logUniformNs(prng);
      (i % 3 === 0 ? left : right).record(ns);
      whole.record(ns);
    }
    left.add(right);
    left.add(new LatencyTable());
    expect(left.counts).toEqual(whole.counts);
    expect([left.count, left.minNs, left.maxNs]).toEqual([whole.count, whole.minNs, whole.maxNs]);
    expect(left.clone().counts).toEqual(whole.counts);
  });

  it('is empty after a reset', () => {
    const table = new LatencyTable();
    table.record(5);
    table.reset();
    expect([table.count, table.minNs, table.maxNs, table.quantileNs(0.5)]).toEqual([0, 0, 0, 0]);
    table.record(9);
    expect([table.minNs, table.maxNs]).toEqual([9, 9]);
  });

  it('refuses negative latencies, NaN and overflowing counts', () => {
    const table = new LatencyTable();
    expect(() => table.record(-1)).toThrow(RangeError);
    expect(() => table.record(Number.NaN)).toThrow(RangeError);
    table.recordTimes(5, 2 ** 32 - 1);
    expect(() => table.recordTimes(5, 1)).toThrow(RangeError);
    expect(table.count).toBe(2 ** 32 - 1);
    expect(() => table.quantilesNs([0.9, 0.5])).toThrow(RangeError);
  });
});
