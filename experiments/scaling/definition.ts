/** How throughput and CPU follow the number of connections, the size of values and the number of shards. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const small = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B';
/** All values of a size together stay below 128 MiB, so that no arm is measured on its page faults. */
const keyspaceBytesMax = 128 * 1024 * 1024;

function ofSize(valueBytes: number) {
  const keys = Math.min(100_000, Math.floor(keyspaceBytesMax / valueBytes));
  return closedLoop(
    `GET/SET 50/50, ${valueBytes.toLocaleString('en')} B`,
    mixWorkload(1, 1, { keys, valueBytes }),
    16,
    { id: `value-${valueBytes}`, decides: ['throughput-ops-per-sec'], tier: 2 },
  );
}

const shardArms = ['all', 'all?shards=2'];

export const definition: ExperimentDefinition = {
  id: 'scaling',
  title: 'Connections, value sizes, shards',
  question: 'How do throughput and CPU per request follow connections, value size and the number of shards?',
  study: true,
  arms: { smoke: ['redis', 'all'], quick: ['redis', 'all'], full: ['redis', 'all'] },
  comparisons: [
    { a: 'redis', b: 'all', primary: true },
    { a: shardArms[0]!, b: shardArms[1]!, primary: true },
  ],
  withoutBaseline: {
    arms: ['none', 'all'],
    comparisons: [
      { a: 'none', b: 'all', primary: true },
      { a: shardArms[0]!, b: shardArms[1]!, primary: true },
    ],
  },
  scenarios: [
    ...[1, 10, 100, 1000].map((connections) =>
      closedLoop(what, small, 1, {
        id: `connections-${connections}`,
        connections,
        decides: ['throughput-ops-per-sec'],
      }),
    ),
    ...[8, 512, 4096, 65_536].map(ofSize),
    closedLoop(what, small, 64, {
      id: 'shards-p64',
      arms: shardArms,
      decides: ['throughput-ops-per-sec', 'cpu-us-per-request'],
    }),
    closedLoop(what, small, 1, {
      id: 'shards-p1-c1000',
      arms: shardArms,
      connections: 1000,
      decides: ['throughput-ops-per-sec', 'cpu-us-per-request'],
      tier: 2,
    }),
  ],
  budgets: [],
};
