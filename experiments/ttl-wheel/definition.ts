/** Flag `ttl-wheel`: a hierarchical timing wheel of expiries, against the sweep. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { memoryPerKey } from '../../src/lab/experiments/scenarios.ts';
import { expiryArguments, expiryScenarios } from '../expiryScenarios.ts';

export const definition: ExperimentDefinition = {
  id: 'ttl-wheel',
  title: 'A timing wheel of expiries',
  question: 'Does a timing wheel smooth the tail over a sweep every 100 ms, and what does it cost per key?',
  flag: 'ttl-wheel',
  ...flagArms('ttl-wheel', { without: ['ttl-heap'], serverArguments: expiryArguments }),
  scenarios: [...expiryScenarios, memoryPerKey(64, { ttl: true, tier: 2 })],
  budgets: [],
};
