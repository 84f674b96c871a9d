import { describe, expect, it } from 'vitest';
import { presetWorkload } from '../workloads/presets.ts';
import { percentileCurves } from './figures.ts';
import type { BlockResult } from './result.ts';
import { targetComparison } from './targetComparison.ts';

const definition = targetComparison(
  ['a', 'b'].map((id) => ({ id, kind: 'evenkeel' })),
  { workload: presetWorkload('get-set'), pipelines: [], rateOpsPerSec: 1000, connections: 1 },
);
const scenarioId = definition.scenarios[0]!.id;

const blocksOf = (targetId: string, p99Us: readonly number[]) =>
  p99Us.map(
    (valueUs, pair) =>
      ({
        ...{ experimentId: definition.id, scenarioId, targetId, pair, accepted: true },
        percentiles: [
          { q: 0.5, valueUs: 50 },
          { q: 0.99, valueUs },
        ],
      }) as BlockResult,
  );

describe('a percentile curve', () => {
  it('is the median block at each quantile, with its interval where there are blocks enough', () => {
    const blocks = [...blocksOf('a', [60, 10, 50, 20, 40, 30]), ...blocksOf('b', [10, 20, 30, 40, 50])];
    const curves = percentileCurves(definition, blocks);
    expect(curves.map(({ targetId, points }) => [targetId, points[1]])).toEqual([
      ['a', { q: 0.99, valueUs: 35, intervalUs: { low: 10, high: 60 } }],
      ['b', { q: 0.99, valueUs: 30 }],
    ]);
  });
});
