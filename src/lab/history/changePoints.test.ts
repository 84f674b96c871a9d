import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { changePoints } from './changePoints.ts';

/** Values around a level: the sum of four uniform numbers, standard deviation about 0.58 times `spread`. */
function around(prng: Prng, level: number, spread: number, count: number): number[] {
  const uniform = (): number => prng.uint32() / 2 ** 32 - 0.5;
  return Array.from(
    { length: count },
    () => level + spread * (uniform() + uniform() + uniform() + uniform()),
  );
}

describe('points of change', () => {
  it('are found where a level shifts', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const prng = new Prng(seed);
      const series = [...around(prng, 1, 0.05, 12), ...around(prng, 1.2, 0.05, 12)];
      expect(
        changePoints(series).map(({ at }) => at),
        `seed ${seed}`,
      ).toContain(12);
    }
  });

  it('are found one by one where there are several', () => {
    const prng = new Prng(5);
    const series = [
      ...around(prng, 1, 0.02, 10),
      ...around(prng, 1.5, 0.02, 10),
      ...around(prng, 1.2, 0.02, 10),
    ];
    expect(changePoints(series).map(({ at }) => at)).toEqual([10, 20]);
  });

  it('are rarely found in noise', () => {
    let series = 0;
    for (let seed = 1; seed <= 40; seed++)
      if (changePoints(around(new Prng(seed), 1, 0.1, 24)).length > 0) series++;
    expect(series).toBeLessThanOrEqual(6);
  });

  it('need enough on both sides, and survive series that are short or constant', () => {
    expect(changePoints([])).toEqual([]);
    expect(changePoints([1, 1, 1, 2, 2, 2])).toEqual([]);
    expect(changePoints(new Array(20).fill(3))).toEqual([]);
  });
});
