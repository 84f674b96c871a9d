/** Flag `sso-strings`: values of up to 23 bytes inline, without the arenas. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, memoryPerKey } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

export const definition: ExperimentDefinition = {
  id: 'sso-strings',
  title: 'Short strings inline',
  question: 'What does keeping values of up to 23 bytes inline save over a buffer on the heap for each?',
  flag: 'sso-strings',
  claim: {
    text: '20 to 30 % fewer allocations',
    source: 'optimization plan 2.3, tip 13',
    metric: 'allocated-bytes-per-request',
    scenarioId: 'set-p16',
    ratioMin: 0.7,
    ratioMax: 0.8,
  },
  ...flagArms('sso-strings', { without: ['arena-storage', 'cache-line-index'] }),
  scenarios: [
    closedLoop('SET, 16 B', mixWorkload(0, 1, { keys: 100_000, valueBytes: 16 }), 16, {
      id: 'set-p16',
      decides: ['allocated-bytes-per-request', 'cpu-us-per-request'],
    }),
    memoryPerKey(16, { tier: 1 }),
    closedLoop('GET, 16 B', mixWorkload(1, 0, { keys: 100_000, valueBytes: 16 }), 16, {
      id: 'get-p16',
      tier: 3,
      efforts: ['full'],
    }),
  ],
  budgets: [],
};
