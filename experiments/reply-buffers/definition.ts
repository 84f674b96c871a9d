/** Flag `reply-buffers`: replies encoded into one reused buffer. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const workload = mixWorkload(1, 0, { keys: 100_000, valueBytes: 64 });

export const definition: ExperimentDefinition = {
  id: 'reply-buffers',
  title: 'Reused reply buffers',
  question: 'What does encoding replies into one reused buffer save over a fresh Buffer per reply?',
  flag: 'reply-buffers',
  claim: {
    text: '5 to 10 % less allocator pressure',
    source: 'optimization plan 1.2, tip 7',
    metric: 'allocated-bytes-per-request',
    scenarioId: 'get-p16',
    ratioMin: 0.9,
    ratioMax: 0.95,
  },
  ...flagArms('reply-buffers'),
  scenarios: [
    closedLoop('GET, 64 B', workload, 16, {
      id: 'get-p16',
      decides: ['allocated-bytes-per-request', 'cpu-us-per-request'],
    }),
    openLoop('GET, 64 B', workload, 40_000, { tier: 3, efforts: ['full'] }),
  ],
  budgets: [],
};
