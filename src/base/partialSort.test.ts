import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partialSort } from './partialSort.ts';

const ascending = (a: number, b: number): number => a - b;

describe('partialSort', () => {
  it('puts at the wanted places what a whole sort puts there, and loses nothing', () => {
    fc.assert(
      fc.property(
        // Few distinct values: many equal ones.
        fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer()), { maxLength: 300 }),
        fc.nat(320),
        fc.nat(320),
        (values, start, end) => {
          const wanted = values.toSorted(ascending);
          const sorted = [...values];
          partialSort(sorted, start, end, ascending);
          expect(sorted.slice(start, end)).toEqual(wanted.slice(start, end));
          expect(sorted.toSorted(ascending)).toEqual(wanted);
        },
      ),
    );
  });

  it('compares less than a whole sort does when little is wanted', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_007);
    const comparisons = (count: number): number => {
      let made = 0;
      partialSort([...values], 0, count, (a, b) => {
        made++;
        return a - b;
      });
      return made;
    };
    expect(comparisons(3)).toBeLessThan(comparisons(values.length) / 3);
  });
});
