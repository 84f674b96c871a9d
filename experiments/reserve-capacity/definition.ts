/** Flag `reserve-capacity`: containers sized once from the argument count. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { presetWorkload } from '../../src/lab/workloads/presets.ts';
import { parseWorkload } from '../../src/lab/workloads/workload.ts';

const keys = { keys: 100_000, valueBytes: 64 };

/** Keys are deleted as often as they are set, so that half of the HSETs build a new hash: only those are sized. */
const hsetOfMany = parseWorkload({
  name: 'hset-50',
  description: 'HSET of 50 fields at once, DEL as often',
  keys: { count: 10_000, lengthBytes: 16, distribution: { kind: 'uniform' } },
  value: { kind: 'fixed', bytes: 32 },
  fields: { count: 50, prefix: 'field' },
  commands: [
    { weight: 1, template: ['HSET', '{key}', '{fields}'] },
    { weight: 1, template: ['DEL', '{key}'] },
  ],
});

export const definition: ExperimentDefinition = {
  id: 'reserve-capacity',
  title: 'Containers sized from the argument count',
  question: 'What does sizing argument lists, replies and new hashes once save over letting them grow?',
  flag: 'reserve-capacity',
  claim: {
    text: '2 to 5 % on commands of many keys',
    source: 'optimization plan 1.3, tip 19',
    metric: 'cpu-us-per-request',
    scenarioId: 'mset-100',
    ratioMin: 1 / 1.05,
    ratioMax: 1 / 1.02,
  },
  ...flagArms('reserve-capacity'),
  scenarios: [
    closedLoop('MSET of 100 keys, 64 B', presetWorkload('mset-100', keys), 4, {
      id: 'mset-100',
      decides: ['cpu-us-per-request', 'allocated-bytes-per-request'],
    }),
    closedLoop('MGET of 100 keys, 64 B', presetWorkload('mget-100', keys), 4, { id: 'mget-100', tier: 2 }),
    closedLoop('HSET of 50 fields, 32 B, and DEL', hsetOfMany, 4, { id: 'hset-50', tier: 2 }),
  ],
  budgets: [],
};
