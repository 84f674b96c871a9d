/** Flag `connection-affinity`: connections pinned to a worker, and it to a core. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const workload = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B, keys on both shards';

export const definition: ExperimentDefinition = {
  id: 'connection-affinity',
  title: 'Connections that stay with one worker',
  question: 'What does pinning connections to a worker, and the worker to a core, change with two shards?',
  flag: 'connection-affinity',
  claim: {
    text: '5 to 10 %',
    source: 'optimization plan 4.3',
    metric: 'cpu-us-per-request',
    scenarioId: 'p16',
    ratioMin: 1 / 1.1,
    ratioMax: 1 / 1.05,
  },
  ...flagArms('connection-affinity', { serverArguments: { shards: 2 } }),
  scenarios: [
    closedLoop(what, workload, 16),
    openLoop(what, workload, 20_000, { decides: ['latency-p99-us'], tier: 2 }),
    closedLoop(what, workload, 1, { connections: 1000, id: 'p1-c1000', tier: 3, efforts: ['full'] }),
  ],
  budgets: [],
};
