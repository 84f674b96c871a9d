/**
 * How many pairs each cell gets: the time limit, divided by what blocks were measured to cost.
 *
 * First the few pairs that no session may lack; then, by tier and in the order given, each cell gets the pairs without which nothing can be
 * significant (six, or more where Holm's family is large) as a whole or not at all: ten comparisons that decide are worth more than twenty
 * that cannot. What time is left raises the decisive cells step by step, then the others. A cell that cannot have its pairs keeps what it
 * got, 0 included, and the plan says so with the time it would take.
 *
 * Invariant: the planned cost never exceeds the time available.
 */
import type { Tier } from './definition.ts';

export interface CellCost {
  experimentId: string;
  scenarioId: string;
  arms: string[];
  tier: Tier;
  /** Pairs without which the session would lack something it promises (an A/A arm, memory per key): given before all else. */
  pairsLeast: number;
  /** Pairs below which no verdict of this cell can be significant: these come next. */
  pairsDecisive: number;
  pairsMax: number;
  /** Expected seconds of one pair, all its arms together. */
  pairSec: number;
  /** Pairs that are planned already and paid for; the plan only adds to them. */
  pairsBefore?: number;
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

export function planPairs(costs: readonly CellCost[], availableSec: number, pairsMax: number): PairPlan {
  const cells: PlannedCell[] = costs.map((cost) => ({ ...cost, pairs: cost.pairsBefore ?? 0 }));
  let spentSec = 0;
  /** Gives the cell exactly so many pairs, if there is time for them. */
  const raiseTo = (cell: PlannedCell, wanted: number): boolean => {
    const pairs = Math.min(wanted, cell.pairsMax, pairsMax);
    const sec = (pairs - cell.pairs) * cell.pairSec;
    if (pairs <= cell.pairs || spentSec + sec > availableSec) return false;
    spentSec += sec;
    cell.pairs = pairs;
    return true;
  };
  /** Raises a tier's cells in turn, the emptiest first, until none can be raised. */
  const fill = (tier: Tier, target: number, fits: (cell: PlannedCell) => boolean): void => {
    for (let raised = true; raised; ) {
      raised = false;
      const growing = cells.filter((cell) => cell.tier === tier && cell.pairs < target && fits(cell));
      for (const cell of growing.sort((left, right) => left.pairs - right.pairs)) {
        if (raiseTo(cell, Math.min(cell.pairs + pairStep, target))) raised = true;
      }
    }
  };
  const inTierOrder = cells.toSorted((left, right) => left.tier - right.tier);
  for (const cell of inTierOrder) raiseTo(cell, cell.pairsLeast);
  for (const cell of inTierOrder) raiseTo(cell, cell.pairsDecisive);
  const decides = (cell: PlannedCell): boolean => !isShort(cell, pairsMax);
  for (const fits of [decides, () => true]) {
    for (let target = pairStep; target < pairsMax + pairStep; target += pairStep) {
      for (const tier of [1, 2, 3] as const) fill(tier, target, fits);
    }
  }
  return { cells, expectedSec: spentSec };
}

/** Whether a verdict of the cell cannot be significant for want of pairs. */
export function isShort({ pairs, ...cell }: PlannedCell, pairsMax: number): boolean {
  return pairs < pairsWanted(cell, pairsMax);
}

/** Seconds that would give every cell the pairs a verdict needs. */
export function decisiveSec(costs: readonly CellCost[], pairsMax: number): number {
  return costs.reduce((sum, cost) => sum + pairsWanted(cost, pairsMax) * cost.pairSec, 0);
}

function pairsWanted({ pairsDecisive, pairsMax }: CellCost, pairsMaxOfAll: number): number {
  return Math.min(pairsDecisive, pairsMax, pairsMaxOfAll);
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
