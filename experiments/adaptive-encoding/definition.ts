/** Flag `adaptive-encoding`: small hashes packed into one record. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, memoryPerCollection } from '../../src/lab/experiments/scenarios.ts';
import { parseWorkload } from '../../src/lab/workloads/workload.ts';

const smallHashes = parseWorkload({
  name: 'small hashes',
  description: 'HGET and HSET of one field in hashes of 8 fields',
  keys: { count: 100_000, lengthBytes: 16, distribution: { kind: 'uniform' } },
  value: { kind: 'fixed', bytes: 16 },
  fields: { count: 8, prefix: 'f' },
  commands: [
    { weight: 1, template: ['HGET', '{key}', '{field}'] },
    { weight: 1, template: ['HSET', '{key}', '{field}', '{value}'] },
  ],
  preload: { template: ['HSET', '{key}', '{fields}'] },
  expectedHitRate: { share: 1, tolerance: 0.001 },
});

export const definition: ExperimentDefinition = {
  id: 'adaptive-encoding',
  title: 'Small hashes packed',
  question: 'What does packing small hashes save in memory, and what does it cost or save in CPU?',
  flag: 'adaptive-encoding',
  ...flagArms('adaptive-encoding'),
  scenarios: [
    memoryPerCollection('hash', 8, 16),
    closedLoop('HGET/HSET 50/50, hashes of 8 fields, 16 B', smallHashes, 64),
  ],
  budgets: [],
};
