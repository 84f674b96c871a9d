import { describe, expect, it } from 'vitest';
import type { ExperimentResult, FactorialResult } from '../experiments/result.ts';
import type { EffectEstimate } from '../statistics/factorialEffects.ts';
import { effectWords, factorialTables } from './factorialTables.ts';
import { renderHtml } from './htmlReport.ts';
import { renderMarkdown } from './markdownReport.ts';
import { fixtureSession } from './sessionFixture.ts';
import { svgFaults } from './svgFaults.ts';

function effect(terms: string[][], estimate: number, pValueHolm: number): EffectEstimate {
  const ratio = { estimate, low: estimate * 0.98, high: estimate * 1.02, confidence: 0.95 };
  return { terms, ratio, pValue: pValueHolm, pValueHolm };
}

const factorial: FactorialResult = {
  scenarioId: 'factorial',
  metric: 'cpu-us-per-request',
  higherIsBetter: false,
  runs: 8,
  replicates: 2,
  blocks: 16,
  degreesOfFreedom: 7,
  main: [effect([['a']], 0.7, 0.001), effect([['b']], 1.01, 1), effect([['c']], 1.2, 0.002)],
  interactions: [
    effect([['a', 'b']], 1.01, 1),
    effect(
      [
        ['a', 'c'],
        ['b', 'd'],
      ],
      0.8,
      0.01,
    ),
  ],
};

describe('the effects of a factorial design', () => {
  const session = structuredClone(fixtureSession({ seed: 3 }));
  session.experiments[0] = { ...session.experiments[0]!, factorials: [factorial] } as ExperimentResult;

  it('are better or worse by the direction of the metric, and only where told from none', () => {
    expect(factorial.main.map((each) => effectWords(each, factorial).words)).toEqual([
      'better',
      'not told from none',
      'worse',
    ]);
    expect(effectWords(factorial.main[0]!, { higherIsBetter: true }).words).toBe('worse');
  });

  it('list the strongest pair first and name what cannot be told apart', () => {
    const [, pairs] = factorialTables(session.experiments);
    expect(pairs!.table.rows.map(([name]) => name)).toEqual(['a × c or b × d', 'a × b']);
  });

  it('stand in both reports', () => {
    const page = renderHtml(session);
    expect(page).toContain('id="effects"');
    expect(page).toContain('a × c or b × d');
    expect(svgFaults(page)).toEqual([]);
    expect(renderMarkdown(session)).toContain('## Effects of flags and pairs');
    expect(renderHtml(fixtureSession({ seed: 3 }))).not.toContain('id="effects"');
  });
});
