import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { hodgesLehmann, walshAverages } from './signedRank.ts';
import { WalshResampler } from './walshResampler.ts';

describe('Walsh resampler', () => {
  it('gives every order statistic of a resample as sorting it would', () => {
    const seed = 61;
    const prng = new Prng(seed);
    for (let round = 0; round < 200; round++) {
      const n = 1 + prng.below(9);
      // Whole numbers now and then, for ties.
      const values = Array.from({ length: n }, () => (round % 3 === 0 ? prng.below(4) : prng.float()));
      const size = 1 + prng.below(12);
      const copies = new Uint32Array(n);
      const sample: number[] = [];
      for (let i = 0; i < size; i++) {
        const pick = prng.below(n);
        copies[pick]! += 1;
        sample.push(values[pick]!);
      }
      const resampler = new WalshResampler(values);
      const sorted = walshAverages(sample);
      for (let rank = 1; rank <= sorted.length; rank++) {
        expect(resampler.orderStatistic(copies, rank), `seed ${seed}, round ${round}`).toBe(sorted[rank - 1]);
      }
      expect(resampler.hodgesLehmann(copies, size), `seed ${seed}, round ${round}`).toBe(
        hodgesLehmann(sample),
      );
      expect(() => resampler.orderStatistic(copies, sorted.length + 1)).toThrow(RangeError);
    }
    expect(() => new WalshResampler([])).toThrow(RangeError);
  });
});
