/** Flag `io-uring`: rings shared with the kernel instead of Node's net sockets. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const workload = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B';

export const definition: ExperimentDefinition = {
  id: 'io-uring',
  title: 'Sockets through io_uring',
  question: "What does io_uring save over Node's net sockets, by pipeline depth and number of connections?",
  flag: 'io-uring',
  claim: {
    text: '20 to 30 % with many connections',
    source: 'optimization plan 4.2',
    metric: 'cpu-us-per-request',
    scenarioId: 'p1-c1000',
    ratioMin: 1 / 1.3,
    ratioMax: 1 / 1.2,
  },
  ...flagArms('io-uring'),
  scenarios: [
    closedLoop(what, workload, 1, { connections: 1000, id: 'p1-c1000' }),
    closedLoop(what, workload, 64),
    closedLoop(what, workload, 1, { tier: 2 }),
    openLoop(what, workload, 40_000, { decides: ['latency-p99-us', 'latency-p999-us'], tier: 2 }),
    closedLoop(what, workload, 16, { tier: 3, efforts: ['full'] }),
    closedLoop(what, workload, 16, { connections: 1000, id: 'p16-c1000', tier: 3, efforts: ['full'] }),
  ],
  budgets: [],
};
