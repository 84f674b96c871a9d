/** Flag `lazy-free`: large values are detached at once and released in slices. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';
import { parseWorkload } from '../../src/lab/workloads/workload.ts';

const largeHash = parseWorkload({
  name: 'one large hash',
  keys: { count: 2_000_000, lengthBytes: 16, distribution: { kind: 'sequential' } },
  value: { kind: 'fixed', bytes: 16 },
  commands: [{ weight: 1, template: ['HSET', 'large', '{keyId}', '{value}'] }],
  preload: { template: ['HSET', 'large', '{keyId}', '{value}'] },
});

const workload = mixWorkload(1, 1, { keys: 100_000 });

export const definition: ExperimentDefinition = {
  id: 'lazy-free',
  title: 'Large values released in slices',
  question: 'How long does everybody wait when a hash of two million fields is deleted?',
  flag: 'lazy-free',
  ...flagArms('lazy-free'),
  scenarios: [
    openLoop('GET/SET 50/50 while a hash of 2,000,000 fields is deleted', workload, 20_000, {
      id: 'delete-large',
      event: { prepared: largeHash, atShare: 0.25, command: ['DEL', 'large'] },
      decides: ['latency-p999-us', 'latency-max-us'],
    }),
    closedLoop('GET/SET 50/50, nothing large', workload, 64, { tier: 2 }),
  ],
  budgets: [],
};
