/** Flag `spsc-mailbox`: rings in shared memory between shards instead of message ports. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload, presetWorkload } from '../../src/lab/workloads/presets.ts';

const workload = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B, half of the keys on the other shard';

export const definition: ExperimentDefinition = {
  id: 'spsc-mailbox',
  title: 'Single-producer rings between shards',
  question: 'What do rings in shared memory save over message ports where half of the requests cross shards?',
  flag: 'spsc-mailbox',
  ...flagArms('spsc-mailbox', { serverArguments: { shards: 2 } }),
  scenarios: [
    closedLoop(what, workload, 16),
    openLoop(what, workload, 20_000, { decides: ['latency-p99-us'] }),
    closedLoop('MGET of 10 keys, 64 B', presetWorkload('mget-10', { keys: 100_000 }), 16, {
      id: 'mget-10',
      tier: 3,
      efforts: ['full'],
    }),
  ],
  budgets: [],
};
