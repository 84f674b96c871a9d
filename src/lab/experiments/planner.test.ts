import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CellCost, decisiveSec, isShort, planPairs } from './planner.ts';

const costArbitrary = fc.record({
  experimentId: fc.constant('e'),
  scenarioId: fc.string(),
  arms: fc.constant<string[]>(['a', 'b']),
  tier: fc.constantFrom(1 as const, 2 as const, 3 as const),
  pairsLeast: fc.integer({ min: 0, max: 3 }),
  pairsDecisive: fc.integer({ min: 1, max: 12 }),
  pairsMax: fc.integer({ min: 1, max: 30 }),
  pairSec: fc.double({ min: 0.01, max: 60, noNaN: true }),
});

function cell(scenarioId: string, overrides: Partial<CellCost> = {}): CellCost {
  return {
    experimentId: 'e',
    scenarioId,
    arms: ['a', 'b'],
    tier: 1,
    pairsLeast: 0,
    pairsDecisive: 6,
    pairsMax: 20,
    pairSec: 4,
    ...overrides,
  };
}

describe('planPairs', () => {
  it('never plans more than the time there is', () => {
    fc.assert(
      fc.property(
        fc.array(costArbitrary, { maxLength: 20 }),
        fc.double({ min: -5, max: 3600, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (costs, availableSec, pairsMax) => {
          const plan = planPairs(costs, availableSec, pairsMax);
          const sec = plan.cells.reduce((sum, { pairs, pairSec }) => sum + pairs * pairSec, 0);
          expect(sec).toBeCloseTo(plan.expectedSec, 6);
          expect(sec).toBeLessThanOrEqual(Math.max(0, availableSec) + 1e-9);
          for (const planned of plan.cells) {
            expect(planned.pairs).toBeLessThanOrEqual(Math.min(planned.pairsMax, pairsMax));
          }
        },
      ),
    );
  });

  it('gives the first tier its decisive pairs before the second gets any', () => {
    const plan = planPairs([cell('second', { tier: 2 }), cell('first')], 30, 20);
    expect(plan.cells.map(({ pairs }) => pairs)).toEqual([0, 6]);
  });

  it('gives every cell its least before any tier its decisive pairs', () => {
    const noise = cell('noise', { tier: 2, pairsLeast: 2, pairsMax: 2 });
    expect(planPairs([cell('first'), noise], 4 * 8, 20).cells.map(({ pairs }) => pairs)).toEqual([6, 2]);
    expect(planPairs([cell('first'), noise], 4 * 2, 20).cells.map(({ pairs }) => pairs)).toEqual([0, 2]);
  });

  it('decides some cells rather than none: the decisive pairs come whole or not at all', () => {
    const plan = planPairs([cell('x'), cell('y'), cell('z')], 4 * 13, 20);
    expect(plan.cells.map(({ pairs }) => pairs)).toEqual([6, 6, 0]);
    expect(plan.cells.map((each) => isShort(each, 20))).toEqual([false, false, true]);
    expect(decisiveSec(plan.cells, 20)).toBe(4 * 18);
  });

  it('gives what is left to cells that decide, then to the others', () => {
    const plan = planPairs([cell('x', { pairsMax: 8 }), cell('dear', { pairSec: 10 })], 4 * 8 + 25, 20);
    expect(plan.cells.map(({ pairs }) => pairs)).toEqual([8, 2]);
  });

  it('leaves no time unused that a cell could have had', () => {
    const plan = planPairs([cell('x'), cell('y', { pairsMax: 2 })], 4 * 17, 20);
    expect(plan.cells.map(({ pairs }) => pairs)).toEqual([14, 2]);
  });

  it('plans nothing where there is no time', () => {
    expect(planPairs([cell('x')], -1, 20).cells[0]!.pairs).toBe(0);
  });
});
