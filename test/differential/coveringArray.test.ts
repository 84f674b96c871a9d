import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { coveringArray } from './coveringArray.ts';

describe('covering array', () => {
  it.each([
    { levels: [2, 2, 2], rowsMax: 6 },
    { levels: Array.from({ length: 20 }, () => 2), rowsMax: 14 },
    { levels: [...Array.from({ length: 18 }, () => 2), 3], rowsMax: 16 },
    { levels: [4, 3, 2, 2], rowsMax: 16 },
  ])('holds every pair of levels of $levels', ({ levels, rowsMax }) => {
    const rows = coveringArray(levels, new Prng(1));
    expect(rows.length).toBeLessThanOrEqual(rowsMax);
    for (let a = 0; a < levels.length; a++)
      for (let b = a + 1; b < levels.length; b++)
        for (let i = 0; i < levels[a]!; i++)
          for (let j = 0; j < levels[b]!; j++)
            expect(
              rows.some((row) => row[a] === i && row[b] === j),
              `factors ${a}, ${b} at ${i}, ${j}`,
            ).toBe(true);
  });

  it('is the same for the same seed', () => {
    expect(coveringArray([2, 2, 2, 3], new Prng(5))).toEqual(coveringArray([2, 2, 2, 3], new Prng(5)));
  });
});
