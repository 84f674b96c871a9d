/** Flag `batched-deltas`: what nodes tell each other is coalesced per key and sent in batches. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';
import { parseWorkload } from '../../src/lab/workloads/workload.ts';

/** Few keys written again and again: what coalescing is for. */
const hotCounters = parseWorkload({
  name: 'hot counters',
  description: 'INCR of 1,000 counters, zipf 0.99',
  keys: { count: 1000, lengthBytes: 16, distribution: { kind: 'zipf', theta: 0.99 } },
  commands: [{ weight: 1, template: ['INCR', '{counter}'] }],
});

export const definition: ExperimentDefinition = {
  id: 'batched-deltas',
  title: 'Deltas in batches',
  question: 'What does coalescing deltas per key save over gossip about each write, with two nodes?',
  flag: 'batched-deltas',
  // Overhead is what is told: bytes of gossip per request. What telling costs shows in the CPU of both nodes together, decided beside it.
  claim: {
    text: '30 to 50 % less gossip overhead',
    source: 'optimization plan 3.1, tips 5 and 25',
    metric: 'gossip-bytes-per-request',
    scenarioId: 'hot-counters',
    ratioMin: 0.5,
    ratioMax: 0.7,
  },
  ...flagArms('batched-deltas', { serverArguments: { nodes: 2 } }),
  scenarios: [
    closedLoop('INCR of 1,000 counters, zipf 0.99', hotCounters, 16, {
      id: 'hot-counters',
      decides: ['gossip-bytes-per-request', 'cpu-us-per-request'],
    }),
    closedLoop('SET, 64 B, uniform keys', mixWorkload(0, 1, { keys: 100_000 }), 16, {
      id: 'set-p16',
      tier: 2,
    }),
    openLoop('GET/SET 50/50, 64 B', mixWorkload(1, 1, { keys: 100_000 }), 20_000, {
      tier: 3,
      efforts: ['full'],
    }),
  ],
  budgets: [],
};
