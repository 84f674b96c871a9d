import { describe, expect, it } from 'vitest';
import { budgetRows } from './budgets.ts';
import type { ExperimentDefinition } from './definition.ts';
import type { BudgetRow, Comparison, Interval } from './result.ts';

const budget = (bound: BudgetRow['bound'], limit: number): BudgetRow => ({
  label: 'throughput',
  scenarioId: 'p64',
  metric: 'throughput-ops-per-sec',
  a: 'redis',
  b: 'all',
  bound,
  limit,
  unit: 'ratio',
});

function verdict(bound: BudgetRow['bound'], limit: number, ratio: Interval | undefined): boolean | undefined {
  const definition = { id: 'headline', budgets: [budget(bound, limit)] } as unknown as ExperimentDefinition;
  const comparison = { scenarioId: 'p64', metric: 'throughput-ops-per-sec', a: 'redis', b: 'all', ratio };
  const comparisons = ratio === undefined ? [] : [comparison as Comparison];
  return budgetRows(definition, [], comparisons, () => 'Redis 7.4.1')[0]!.met;
}

const interval = (low: number, high: number, confidence = 0.95): Interval => ({
  estimate: (low + high) / 2,
  low,
  high,
  confidence,
});

describe('budgets', () => {
  it('are met or missed when the whole interval says so, and open otherwise', () => {
    expect(verdict('at-least', 1.3, interval(1.31, 1.4))).toBe(true);
    expect(verdict('at-least', 1.3, interval(1.2, 1.29))).toBe(false);
    expect(verdict('at-least', 1.3, interval(1.25, 1.4))).toBeUndefined();
    expect(verdict('at-most', 0.75, interval(0.6, 0.74))).toBe(true);
    expect(verdict('at-most', 0.75, interval(0.76, 0.8))).toBe(false);
    expect(verdict('at-most', 0.75, interval(0.7, 0.8))).toBeUndefined();
  });

  it('are open without a measurement, or with a single one', () => {
    expect(verdict('at-least', 1.3, undefined)).toBeUndefined();
    expect(verdict('at-least', 1.3, interval(2, 2, 0))).toBeUndefined();
  });
});
