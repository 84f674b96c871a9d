/** Flag `arena-storage`: bytes in arenas with 32-bit addresses instead of a Map of objects. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, memoryPerKey } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

export const definition: ExperimentDefinition = {
  id: 'arena-storage',
  title: 'Arenas and indices instead of pointers',
  question: 'What do arenas with 32-bit addresses save in memory per key, and what do they cost in CPU?',
  flag: 'arena-storage',
  claim: {
    text: '15 to 25 % less memory',
    source: 'optimization plan 2.2, tip 11',
    metric: 'memory-bytes-per-key-rss',
    scenarioId: 'memory-64',
    ratioMin: 0.75,
    ratioMax: 0.85,
  },
  ...flagArms('arena-storage'),
  scenarios: [
    memoryPerKey(64),
    closedLoop('GET/SET 50/50, 64 B, a million keys', mixWorkload(1, 1, { keys: 1_000_000 }), 64),
    memoryPerKey(8, { tier: 3, efforts: ['full'] }),
    memoryPerKey(64, { ttl: true, tier: 3, efforts: ['full'] }),
  ],
  budgets: [],
};
