import fc from 'fast-check';
import { median } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { medianInterval } from './medianInterval.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('the interval of a median', () => {
  // Ranks as tabled for 95 %: Conover, table A3, and by hand: 2 * (1 + 8) / 2^8 = 0.07 is too much for n = 8, 2 / 2^8 is not.
  it.each([
    [6, 1, 6],
    [8, 1, 8],
    [9, 2, 8],
    [12, 3, 10],
    [20, 6, 15],
    [25, 8, 18],
  ])('of %i values reaches from rank %i to %i', (count, low, high) => {
    expect(medianInterval(upTo(count).reverse())).toEqual({ low, high });
  });

  it('does not exist for fewer than six', () => {
    expect([0, 1, 5].map((count) => medianInterval(upTo(count)))).toEqual([undefined, undefined, undefined]);
    expect(medianInterval(upTo(5), 0.9)).toEqual({ low: 1, high: 5 });
  });

  it('holds the median of its values', () => {
    const values = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 60 });
    fc.assert(
      fc.property(values, (given) => {
        const { low, high } = medianInterval(given)!;
        expect(low).toBeLessThanOrEqual(median(given));
        expect(high).toBeGreaterThanOrEqual(median(given));
      }),
    );
  });
});
