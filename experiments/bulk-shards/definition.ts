/** Flag `bulk-shards`: one message per shard instead of one per key. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { presetWorkload } from '../../src/lab/workloads/presets.ts';

const keys = { keys: 100_000, valueBytes: 64 };

export const definition: ExperimentDefinition = {
  id: 'bulk-shards',
  title: 'One message per shard for commands of many keys',
  question: 'What does sending the keys of MGET and MSET shard by shard save over one message per key?',
  flag: 'bulk-shards',
  // Claimed in requests per second; judged on CPU per request, which tells the same story where both shards share a core.
  claim: {
    text: '20 to 40 % on MGET and MSET with many keys',
    source: 'optimization plan 1.1, tip 5',
    metric: 'cpu-us-per-request',
    scenarioId: 'mget-100',
    ratioMin: 1 / 1.4,
    ratioMax: 1 / 1.2,
  },
  ...flagArms('bulk-shards', { serverArguments: { shards: 2 } }),
  scenarios: [
    closedLoop('MGET of 100 keys, 64 B', presetWorkload('mget-100', keys), 1, { id: 'mget-100' }),
    closedLoop('MSET of 100 keys, 64 B', presetWorkload('mset-100', keys), 1, { id: 'mset-100' }),
    closedLoop('MGET of 10 keys, 64 B', presetWorkload('mget-10', keys), 1, {
      id: 'mget-10',
      tier: 3,
      efforts: ['full'],
    }),
  ],
  budgets: [],
};
