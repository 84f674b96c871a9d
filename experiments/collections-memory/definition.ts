/** Memory of hashes, lists, sets and sorted sets, many small ones and one large one, against Redis. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import type { BudgetRow } from '../../src/lab/experiments/result.ts';
import { memoryPerCollection, memoryPerElement } from '../../src/lab/experiments/scenarios.ts';

const types = ['hash', 'list', 'set', 'sorted set'] as const;
/** Memory per key is nearly the same in every process: more pairs buy nothing. */
const pairsMax = { smoke: 1, quick: 2, full: 4 };

const scenarios = types.flatMap((type) => [
  memoryPerCollection(type, 10, 10, { pairsMax }),
  memoryPerElement(type, { pairsMax, efforts: ['quick', 'full'] }),
]);

function atMostRedis({ id, label }: (typeof scenarios)[number]): BudgetRow {
  return {
    label,
    scenarioId: id,
    metric: 'memory-bytes-per-key-rss',
    a: 'redis',
    b: 'all',
    bound: 'at-most',
    limit: 1,
    unit: 'ratio',
  };
}

export const definition: ExperimentDefinition = {
  id: 'collections-memory',
  title: 'Memory of collections',
  question: 'What do hashes, lists, sets and sorted sets cost in memory, small and large, beside Redis?',
  study: true,
  arms: { smoke: ['redis', 'all'], quick: ['redis', 'all'], full: ['redis', 'all'] },
  comparisons: [{ a: 'redis', b: 'all', primary: true }],
  withoutBaseline: { arms: ['none', 'all'], comparisons: [{ a: 'none', b: 'all', primary: true }] },
  scenarios,
  budgets: scenarios.map(atMostRedis),
};
