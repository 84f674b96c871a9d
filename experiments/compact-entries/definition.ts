/** Flag `compact-entries`: hot fields of entries in packed rows, without the arenas. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, memoryPerKey } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

export const definition: ExperimentDefinition = {
  id: 'compact-entries',
  title: 'Hot fields in packed rows',
  question: 'What do packed rows save over one object per entry, where entries live in a Map?',
  flag: 'compact-entries',
  // Bandwidth cannot be read without hardware counters; what less of it buys is time per request over a keyspace beyond the caches.
  claim: {
    text: '10 to 20 % less memory bandwidth',
    source: 'optimization plan 2.1, tip 10',
    metric: 'cpu-us-per-request',
    scenarioId: 'p64',
    ratioMin: 0.8,
    ratioMax: 0.9,
  },
  ...flagArms('compact-entries', { without: ['arena-storage', 'cache-line-index'] }),
  scenarios: [
    closedLoop('GET/SET 50/50, 64 B, a million keys', mixWorkload(1, 1, { keys: 1_000_000 }), 64),
    memoryPerKey(64, { tier: 2 }),
    memoryPerKey(64, { ttl: true, tier: 3, efforts: ['full'] }),
  ],
  budgets: [],
};
