/**
 * Budgets held against what was measured. A budget is a result like any other: one that is missed is reported, not a failed run.
 *
 * A ratio budget reads the comparison that exists for it; an absolute one reads the arm's own blocks. It is met or missed when the whole
 * interval lies on one side of the limit; where the limit lies inside the noise, or there is only one measurement, it is left open.
 */
import { median } from '../statistics/spread.ts';
import type { ExperimentDefinition } from './definition.ts';
import { acceptedByPair } from './pairing.ts';
import type { BlockResult, BudgetRow, Comparison, Interval } from './result.ts';

export function budgetRows(
  definition: ExperimentDefinition,
  blocks: readonly BlockResult[],
  comparisons: readonly Comparison[],
  targetLabel: (targetId: string) => string,
): BudgetRow[] {
  return definition.budgets.map((budget) => {
    const measured =
      budget.unit === 'ratio' ? ratioOf(budget, comparisons) : absoluteOf(definition.id, budget, blocks);
    // The reference is named by what its INFO said: a budget written against 7.4 and measured against 7.0 must say so.
    const label = budget.a === undefined ? budget.label : `${budget.label} vs ${targetLabel(budget.a)}`;
    const row: BudgetRow = { ...budget, label };
    if (measured === undefined) return row;
    return { ...row, measured, ...judged(budget, measured) };
  });
}

/** Two measurements give an interval of 50 %: enough for bytes per key, which vary by less than a byte; one gives none. */
const CONFIDENCE_MIN = 0.5;

function judged({ bound, limit }: BudgetRow, { low, high, confidence }: Interval): { met?: boolean } {
  if (confidence < CONFIDENCE_MIN) return {};
  const [allInside, allOutside] =
    bound === 'at-least' ? [low >= limit, high < limit] : [high <= limit, low > limit];
  return allInside ? { met: true } : allOutside ? { met: false } : {};
}

function ratioOf(budget: BudgetRow, comparisons: readonly Comparison[]): Interval | undefined {
  return comparisons.find(
    ({ scenarioId, metric, a, b }) =>
      scenarioId === budget.scenarioId && metric === budget.metric && a === budget.a && b === budget.b,
  )?.ratio;
}

/** Median over blocks with the exact order-statistic interval of the median. */
function absoluteOf(
  experimentId: string,
  budget: BudgetRow,
  blocks: readonly BlockResult[],
): Interval | undefined {
  const cell = { experimentId, scenarioId: budget.scenarioId };
  const values = [...acceptedByPair(blocks, cell, budget.b).values()]
    .map((block) => block.metrics[budget.metric])
    .filter((value) => value !== undefined)
    .sort((left, right) => left - right);
  if (values.length === 0) return undefined;
  const { rank, confidence } = medianRank(values.length);
  return {
    estimate: median(values),
    low: values[rank - 1]!,
    high: values[values.length - rank]!,
    confidence,
  };
}

/**
 * The interval from the rank-th smallest to the rank-th largest of n values misses the median with probability
 * 2 P(Binomial(n, 1/2) < rank). The largest rank that keeps 95 %, else 1 with the confidence that gives.
 */
export function medianRank(count: number): { rank: number; confidence: number } {
  let tail = 0;
  let probability = 0.5 ** count;
  let best = { rank: 1, confidence: 1 - 2 * probability };
  for (let rank = 1; rank <= count / 2; rank++) {
    tail += probability;
    if (1 - 2 * tail < 0.95) break;
    best = { rank, confidence: 1 - 2 * tail };
    probability *= (count - rank + 1) / rank;
  }
  return { ...best, confidence: Math.max(0, best.confidence) };
}
