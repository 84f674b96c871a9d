/** Flag `ttl-heap`: each shard owns a min-heap of expiries instead of being swept. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { memoryPerKey } from '../../src/lab/experiments/scenarios.ts';
import { expiryArguments, expiryScenarios } from '../expiryScenarios.ts';

export const definition: ExperimentDefinition = {
  id: 'ttl-heap',
  title: 'A heap of expiries',
  question:
    'Does a heap of expiries smooth the tail over a sweep every 100 ms, and what does it cost per key?',
  flag: 'ttl-heap',
  // The plan names no number: any lower p99.9 beyond the margin of equivalence is taken for it.
  claim: {
    text: 'no message storm, a smoother tail',
    source: 'optimization plan 3.3, tip 8',
    metric: 'latency-p999-us',
    scenarioId: 'mass-expiry',
    ratioMin: 0.01,
    ratioMax: 0.97,
  },
  ...flagArms('ttl-heap', { without: ['ttl-wheel'], serverArguments: expiryArguments }),
  scenarios: [...expiryScenarios, memoryPerKey(64, { ttl: true, tier: 2 })],
  budgets: [],
};
