/**
 * How many pairs each cell gets: the time limit, divided by what blocks were measured to cost.
 *
 * First, by tier, the pairs without which nothing can be significant (six, or more where Holm's family is large); what time is
 * left raises every cell step by step. A cell that cannot have its pairs keeps what it got, 0 included, and the plan says so.
 *
 * Invariant: the planned cost never exceeds the time available.
 */
import type { Tier } from './definition.ts';

export interface CellCost {
  experimentId: string;
  scenarioId: string;
  arms: string[];
  tier: Tier;
  /** Pairs below which no verdict of this cell can be significant: these come first. */
  pairsDecisive: number;
  pairsMax: number;
  /** Expected seconds of one pair, all its arms together. */
  pairSec: number;
}

export interface PlannedCell extends CellCost {
  pairs: number;
}

export interface PairPlan {
  cells: PlannedCell[];
  expectedSec: number;
}

/** Two at a time keeps ABBA groups whole. */
const pairStep = 2;
/** Stands for "each cell's own decisive number" where a target number of pairs is asked for. */
const decisive = -1;

export function planPairs(costs: readonly CellCost[], availableSec: number, pairsMax: number): PairPlan {
  const cells: PlannedCell[] = costs.map((cost) => ({ ...cost, pairs: 0 }));
  let spentSec = 0;
  const goal = (cell: PlannedCell, target: number): number =>
    Math.min(target === decisive ? cell.pairsDecisive : target, cell.pairsMax, pairsMax);
  const raise = (cell: PlannedCell, target: number): boolean => {
    const pairs = Math.min(cell.pairs + pairStep, goal(cell, target));
    const sec = (pairs - cell.pairs) * cell.pairSec;
    if (pairs <= cell.pairs || spentSec + sec > availableSec) return false;
    spentSec += sec;
    cell.pairs = pairs;
    return true;
  };
  /** Raises a tier's cells in turn, the emptiest first, until none can be raised. */
  const fill = (tier: Tier, target: number): void => {
    for (let raised = true; raised; ) {
      raised = false;
      const growing = cells.filter((cell) => cell.tier === tier && cell.pairs < goal(cell, target));
      for (const cell of growing.sort((left, right) => left.pairs - right.pairs)) {
        if (raise(cell, target)) raised = true;
      }
    }
  };
  for (const tier of [1, 2, 3] as const) fill(tier, decisive);
  for (let target = pairStep; target < pairsMax + pairStep; target += pairStep) {
    for (const tier of [1, 2, 3] as const) fill(tier, target);
  }
  return { cells, expectedSec: spentSec };
}

/**
 * Keeps what pairs really cost. Before any is known, the calibrated or guessed estimate stands; afterwards the slowest seen
 * counts for deadlines (a promise is kept with the worst case) and the mean for the time left.
 */
export class PairCosts {
  readonly #seen = new Map<string, { count: number; sumSec: number; maxSec: number }>();
  readonly #estimate: (key: string) => number;

  constructor(estimate: (key: string) => number) {
    this.#estimate = estimate;
  }

  record(key: string, sec: number): void {
    const seen = this.#seen.get(key) ?? { count: 0, sumSec: 0, maxSec: 0 };
    seen.count += 1;
    seen.sumSec += sec;
    seen.maxSec = Math.max(seen.maxSec, sec);
    this.#seen.set(key, seen);
  }

  expectedSec(key: string): number {
    const seen = this.#seen.get(key);
    return seen === undefined ? this.#estimate(key) : seen.sumSec / seen.count;
  }

  worstSec(key: string): number {
    return Math.max(this.#estimate(key), this.#seen.get(key)?.maxSec ?? 0);
  }
}
