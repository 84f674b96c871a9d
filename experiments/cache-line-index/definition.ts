/** Flag `cache-line-index`: buckets of one cache line with a tag per entry. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, memoryPerKey } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

export const definition: ExperimentDefinition = {
  id: 'cache-line-index',
  title: 'An index of cache-line buckets',
  question: 'What do buckets of one cache line save in CPU beyond the caches, and in memory per key?',
  flag: 'cache-line-index',
  ...flagArms('cache-line-index'),
  scenarios: [
    closedLoop('GET/SET 50/50, 64 B, a million keys', mixWorkload(1, 1, { keys: 1_000_000 }), 64),
    memoryPerKey(64, { decides: ['memory-bytes-per-key-rss'] }),
    memoryPerKey(8, { tier: 2, efforts: ['full'] }),
  ],
  budgets: [],
};
