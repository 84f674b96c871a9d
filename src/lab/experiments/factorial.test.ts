import { describe, expect, it } from 'vitest';
import { twoLevelDesign } from '../statistics/twoLevelDesign.ts';
import { parseTarget } from '../targets/parseTarget.ts';
import { mixWorkload } from '../workloads/presets.ts';
import { definitionFaults, type ExperimentDefinition } from './definition.ts';
import { factorialArms, factorialResults } from './factorial.ts';
import { armSpec } from './flagArms.ts';
import type { BlockResult } from './result.ts';
import { closedLoop } from './scenarios.ts';

const design = twoLevelDesign(['fast-path', 'arena-storage', 'reply-buffers']);
const arms = factorialArms(design);
const definition: ExperimentDefinition = {
  id: 'study',
  title: '',
  question: '',
  arms: { smoke: ['none', 'all'], quick: ['none', 'all'], full: ['none', 'all'] },
  comparisons: [{ a: 'none', b: 'all', primary: true }],
  scenarios: [{ ...closedLoop('GET', mixWorkload(1, 0), 16, { id: 'factorial', arms }), factorial: design }],
  budgets: [],
};

/** The first flag saves 30 %; a second replicate runs a fifth slower. */
function block(pair: number, run: number, accepted = true): BlockResult {
  const value = (design.runs[run]![0] ? 0.7 : 1) * (pair === 0 ? 1 : 1.2);
  return {
    experimentId: 'study',
    scenarioId: 'factorial',
    targetId: arms[run],
    pair,
    accepted,
    metrics: { 'cpu-us-per-request': value },
  } as Partial<BlockResult> as BlockResult;
}

const blocks = [0, 1].flatMap((pair) => design.runs.map((_, run) => block(pair, run)));

describe('a factorial scenario', () => {
  it('has an arm of our own server for every run', () => {
    expect(new Set(arms).size).toBe(8);
    expect(arms).toContain('none');
    expect(arms).toContain('none,+fast-path,+arena-storage,+reply-buffers');
    for (const arm of arms) expect(parseTarget(armSpec(arm, design.factors)).kind).toBe('evenkeel');
    expect(definitionFaults(definition)).toEqual([]);
  });

  it('gives the effects of its flags from accepted blocks', () => {
    const [result] = factorialResults(definition, [...blocks, block(2, 0, false)]);
    expect(result).toMatchObject({ runs: 8, replicates: 2, blocks: 16, higherIsBetter: false });
    expect(result!.main.map(({ ratio }) => ratio.estimate)).toEqual([
      expect.closeTo(0.7, 9),
      expect.closeTo(1, 9),
      expect.closeTo(1, 9),
    ]);
  });

  it('gives none before there are blocks enough', () => {
    expect(factorialResults(definition, blocks.slice(0, 7))).toEqual([]);
  });
});
