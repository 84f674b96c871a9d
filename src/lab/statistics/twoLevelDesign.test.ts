import { describe, expect, it } from 'vitest';
import { twoLevelDesign } from './twoLevelDesign.ts';

const named = (count: number): string[] => Array.from({ length: count }, (_, i) => `f${i}`);

describe('a two-level design', () => {
  it.each([2, 3, 4, 5, 8, 13, 16, 18])('of %d factors is of resolution IV', (count) => {
    const { factors, runs, interactions } = twoLevelDesign(named(count));
    expect(factors.length).toBe(count);
    expect(runs.length).toBe(2 ** (Math.ceil(Math.log2(count)) + 1));
    const columns = factors.map((_, i) => runs.map((run) => (run[i] ? 1 : -1)));
    const dot = (left: readonly number[], right: readonly number[]): number =>
      left.reduce((sum, value, run) => sum + value * right[run]!, 0);
    for (const [i, column] of columns.entries()) {
      expect(column.reduce((sum, value) => sum + value, 0)).toBe(0);
      for (const other of columns.slice(0, i)) expect(dot(column, other)).toBe(0);
      for (const { contrast } of interactions) expect(dot(column, contrast)).toBe(0);
    }
    for (const { contrast, pairs } of interactions) {
      for (const [i, j] of pairs)
        expect(contrast).toEqual(columns[i]!.map((value, run) => value * columns[j]![run]!));
    }
    expect(interactions.flatMap(({ pairs }) => pairs).length).toBe((count * (count - 1)) / 2);
    for (const [i, { contrast }] of interactions.entries())
      for (const other of interactions.slice(0, i)) expect(dot(contrast, other.contrast)).toBe(0);
  });

  it('is full, with every interaction apart, for two and three factors', () => {
    for (const count of [2, 3]) {
      expect(twoLevelDesign(named(count)).interactions.every(({ pairs }) => pairs.length === 1)).toBe(true);
    }
  });

  it('refuses what is no design', () => {
    expect(() => twoLevelDesign(['alone'])).toThrow(RangeError);
  });
});
