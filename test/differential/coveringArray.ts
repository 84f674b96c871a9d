/**
 * Pairwise covering array: a small set of rows in which every pair of levels of every two factors occurs in some row. Most faults
 * of combinations need two parts only (Kuhn, Wallace and Gallo 2004), so a dozen rows stand for half a million.
 *
 * Greedy, in the manner of AETG (Cohen et al. 1997): each row is the best of several candidates, each of which begins with an uncovered pair
 * and takes, factor by factor in random order, the level that covers most pairs still uncovered.
 */
import type { Prng } from '../../src/base/prng.ts';

/** Candidates tried for each row: more makes fewer rows. */
const CANDIDATES = 30;

/** A row's level of each factor, by the factor's index. */
export type Row = number[];

/** Pairs of levels not yet in any row. */
class UncoveredPairs {
  readonly #levels: readonly number[];
  readonly #pairs = new Set<number>();

  constructor(levels: readonly number[]) {
    this.#levels = levels;
    for (let a = 0; a < levels.length; a++)
      for (let b = a + 1; b < levels.length; b++)
        for (let i = 0; i < levels[a]!; i++)
          for (let j = 0; j < levels[b]!; j++) this.#pairs.add(this.#key(a, i, b, j));
  }

  get size(): number {
    return this.#pairs.size;
  }

  /** Any of them: two factors with a level each. */
  pick(prng: Prng): [number, number, number, number] {
    const keys = [...this.#pairs];
    let key = keys[prng.below(keys.length)]!;
    const unpacked: number[] = [];
    for (let i = 0; i < 4; i++) {
      unpacked.unshift(key % this.#radix);
      key = Math.floor(key / this.#radix);
    }
    return unpacked as [number, number, number, number];
  }

  /** How many uncovered pairs level `level` of `factor` makes with what `row` has so far (-1: not chosen yet). */
  gain(row: Row, factor: number, level: number): number {
    let gain = 0;
    for (let other = 0; other < row.length; other++) {
      if (other === factor || row[other] === -1) continue;
      if (this.#pairs.has(this.#ordered(factor, level, other, row[other]!))) gain++;
    }
    return gain;
  }

  cover(row: Row): void {
    for (let a = 0; a < row.length; a++)
      for (let b = a + 1; b < row.length; b++) this.#pairs.delete(this.#key(a, row[a]!, b, row[b]!));
  }

  get #radix(): number {
    return Math.max(this.#levels.length, ...this.#levels);
  }

  #ordered(a: number, i: number, b: number, j: number): number {
    return a < b ? this.#key(a, i, b, j) : this.#key(b, j, a, i);
  }

  #key(a: number, i: number, b: number, j: number): number {
    const radix = this.#radix;
    return ((a * radix + i) * radix + b) * radix + j;
  }
}

/** @param levels how many levels each factor has. */
export function coveringArray(levels: readonly number[], prng: Prng): Row[] {
  const uncovered = new UncoveredPairs(levels);
  const rows: Row[] = [];
  while (uncovered.size > 0) {
    let best: Row = [];
    let bestGain = -1;
    for (let i = 0; i < CANDIDATES; i++) {
      const { row, gain } = candidate(levels, uncovered, prng);
      if (gain > bestGain) [best, bestGain] = [row, gain];
    }
    uncovered.cover(best);
    rows.push(best);
  }
  return rows;
}

function candidate(
  levels: readonly number[],
  uncovered: UncoveredPairs,
  prng: Prng,
): { row: Row; gain: number } {
  const row: Row = levels.map(() => -1);
  const [a, i, b, j] = uncovered.pick(prng);
  row[a] = i;
  row[b] = j;
  let gain = 1;
  for (const factor of shuffled(levels.length, prng)) {
    if (row[factor] !== -1) continue;
    const gains = Array.from({ length: levels[factor]! }, (_, level) => uncovered.gain(row, factor, level));
    const most = Math.max(...gains);
    const ties = gains.flatMap((each, level) => (each === most ? [level] : []));
    row[factor] = ties[prng.below(ties.length)]!;
    gain += most;
  }
  return { row, gain };
}

function shuffled(length: number, prng: Prng): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = prng.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
