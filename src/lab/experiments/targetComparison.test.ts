import { describe, expect, it } from 'vitest';
import { presetWorkload } from '../workloads/presets.ts';
import { familySize } from './analysis.ts';
import { definitionFaults } from './definition.ts';
import type { TargetKind } from './result.ts';
import { targetComparison } from './targetComparison.ts';

const workload = presetWorkload('get-set');
const load = { workload, pipelines: [16, 1], rateOpsPerSec: 20_000, connections: 50, memoryValueBytes: 64 };
const compared = (...kinds: TargetKind[]) => kinds.map((kind, index) => ({ id: `t${index}`, kind }));

describe('a comparison', () => {
  it('holds every target against the first, and judges the second', () => {
    const definition = targetComparison(compared('evenkeel', 'evenkeel', 'redis', 'url'), load);
    expect(definition.comparisons).toEqual([
      { a: 't0', b: 't1', primary: true },
      { a: 't0', b: 't2', primary: false },
      { a: 't0', b: 't3', primary: false },
    ]);
    expect(definitionFaults(definition)).toEqual([]);
  });

  it('does not make its family larger with further targets', () => {
    const two = targetComparison(compared('evenkeel', 'evenkeel'), load);
    const four = targetComparison(compared('evenkeel', 'evenkeel', 'redis', 'redis'), load);
    expect(familySize(four, 'quick')).toBe(familySize(two, 'quick'));
  });

  it('measures memory of those whose memory can be read, and only beside another', () => {
    const armsWithMemory = (...kinds: TargetKind[]) =>
      targetComparison(compared(...kinds), load).scenarios.find(({ kind }) => kind === 'memory')?.arms;
    expect(armsWithMemory('evenkeel', 'url', 'redis')).toEqual(['t0', 't2']);
    expect(armsWithMemory('null', 'null', 'redis')).toBeUndefined();
  });

  it('leaves out what was not asked for', () => {
    const { rateOpsPerSec: _rate, memoryValueBytes: _bytes, ...closedOnly } = load;
    const { scenarios } = targetComparison(compared('evenkeel', 'redis'), closedOnly);
    expect(scenarios.map(({ id }) => id)).toEqual(['p16', 'p1']);
  });
});
