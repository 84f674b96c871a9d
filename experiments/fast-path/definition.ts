/** Flag `fast-path`: GET and SET recognised from their first bytes. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const workload = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B';

export const definition: ExperimentDefinition = {
  id: 'fast-path',
  title: 'A fast path for GET and SET',
  question:
    'What does recognising GET and SET from their first bytes save over the general decoder and the command table?',
  flag: 'fast-path',
  // +10 .. +15 % requests per second on a saturated core is 1/1.10 .. 1/1.15 of the CPU time per request. CPU is claimed on,
  // because it still tells the truth where the generator saturates before the server does.
  claim: {
    text: '10 to 15 % on workloads that are mostly GET and SET',
    source: 'optimization plan 1.4, tip 22',
    metric: 'cpu-us-per-request',
    scenarioId: 'p64',
    ratioMin: 1 / 1.15,
    ratioMax: 1 / 1.1,
  },
  ...flagArms('fast-path'),
  scenarios: [closedLoop(what, workload, 64), closedLoop(what, workload, 1, { tier: 3, efforts: ['full'] })],
  budgets: [],
};
