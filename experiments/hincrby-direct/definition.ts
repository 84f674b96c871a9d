/** Flag `hincrby-direct`: HINCRBY recognised from its first bytes and executed in place. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { parseWorkload } from '../../src/lab/workloads/workload.ts';

/** As many counters in each: spread over few hashes with many fields, or over many hashes with few. */
function counters(hashes: number, fields: number) {
  return parseWorkload({
    name: `hincrby ${hashes}x${fields}`,
    description: `HINCRBY of one of ${fields} fields in one of ${hashes} hashes`,
    keys: { count: hashes, lengthBytes: 16, distribution: { kind: 'uniform' } },
    value: { kind: 'fixed', bytes: 1 },
    fields: { count: fields, prefix: 'field' },
    commands: [{ weight: 1, template: ['HINCRBY', '{key}', '{field}', '1'] }],
  });
}

export const definition: ExperimentDefinition = {
  id: 'hincrby-direct',
  title: 'A direct way for HINCRBY',
  question: 'What does a handler of its own save on HINCRBY over generic dispatch?',
  flag: 'hincrby-direct',
  claim: {
    text: '15 to 20 % on HINCRBY',
    source: 'optimization plan 3.2, tip 26',
    metric: 'cpu-us-per-request',
    scenarioId: 'few-hashes',
    ratioMin: 1 / 1.2,
    ratioMax: 1 / 1.15,
  },
  ...flagArms('hincrby-direct'),
  scenarios: [
    closedLoop('HINCRBY, 100 hashes of 1,000 counters', counters(100, 1000), 64, { id: 'few-hashes' }),
    closedLoop('HINCRBY, 10,000 hashes of 10 counters', counters(10_000, 10), 64, {
      id: 'many-hashes',
      tier: 2,
    }),
  ],
  budgets: [],
};
