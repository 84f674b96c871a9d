/**
 * Two-level fractional factorial designs of resolution IV: every factor on in half of the runs and off in the other, such that no main
 * effect is mixed up with any interaction of two factors.
 *
 * Construction. With 2^m runs numbered in binary, the column of a mask c is (-1)^popcount(run & c): a Hadamard matrix. Factors get masks
 * with an odd number of bits. The interaction of two factors is the column of the exclusive or of their masks, which has an even number
 * of bits, so that it never coincides with a factor (this is what folding a design over achieves). Two interactions whose masks agree cannot be
 * told apart: they are aliases, and reported as one. 2^m runs hold up to 2^(m-1) factors.
 *
 * Plackett-Burman designs need fewer runs for some numbers of factors, but mix each interaction into many columns by thirds, and
 * the interactions are half of the question here.
 *
 * Source: Box, Hunter, Hunter, Statistics for Experimenters, 2nd ed., chapters 5 and 6.
 */

export interface TwoLevelDesign {
  factors: string[];
  /** One row a run: whether each factor is on. */
  runs: boolean[][];
  /** Interactions of two factors, grouped by what cannot be told apart. */
  interactions: InteractionGroup[];
}

export interface InteractionGroup {
  /** +1 or -1 by run. */
  contrast: number[];
  /** Index pairs into `factors`. */
  pairs: [number, number][];
}

const factorsMax = 64;

export function twoLevelDesign(factors: readonly string[]): TwoLevelDesign {
  if (factors.length < 2 || factors.length > factorsMax)
    throw new RangeError(`a factorial design takes 2 to ${factorsMax} factors, not ${factors.length}`);
  const width = Math.ceil(Math.log2(factors.length)) + 1;
  const masks = factorMasks(factors.length, width);
  const runs = Array.from({ length: 1 << width }, (_, run) => run);
  return {
    factors: [...factors],
    runs: runs.map((run) => masks.map((mask) => sign(run, mask) > 0)),
    interactions: interactionGroups(masks, runs),
  };
}

/** Odd masks: the single bits first, then greedily those that add the fewest aliases. */
function factorMasks(count: number, width: number): number[] {
  const odd = Array.from({ length: 1 << width }, (_, mask) => mask).filter(
    (mask) => popcount(mask) % 2 === 1,
  );
  const chosen = odd.filter((mask) => popcount(mask) === 1).slice(0, count);
  const taken = new Set<number>(chosen.flatMap((mask, i) => chosen.slice(0, i).map((other) => mask ^ other)));
  while (chosen.length < count) {
    const aliases = (mask: number): number => chosen.filter((other) => taken.has(mask ^ other)).length;
    const [next] = odd
      .filter((mask) => !chosen.includes(mask))
      .sort((left, right) => aliases(left) - aliases(right) || right - left);
    for (const other of chosen) taken.add(next! ^ other);
    chosen.push(next!);
  }
  return chosen;
}

function interactionGroups(masks: readonly number[], runs: readonly number[]): InteractionGroup[] {
  const groups = new Map<number, [number, number][]>();
  for (const [j, mask] of masks.entries()) {
    for (let i = 0; i < j; i++) {
      const product = masks[i]! ^ mask;
      groups.set(product, [...(groups.get(product) ?? []), [i, j]]);
    }
  }
  return [...groups].map(([mask, pairs]) => ({
    contrast: runs.map((run) => sign(run, mask)),
    pairs,
  }));
}

/** The column of a mask; factors count as on where it is positive. */
function sign(run: number, mask: number): number {
  return popcount(run & mask) % 2 === 0 ? 1 : -1;
}

function popcount(value: number): number {
  let count = 0;
  for (let rest = value; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
