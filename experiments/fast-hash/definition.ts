/** Flag `fast-hash`: keys hashed by words instead of bytes. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { parseWorkload } from '../../src/lab/workloads/workload.ts';

/** GET of keys of one length, so that hashing is as large a part of the work as it can be. */
function keysOf(lengthBytes: number) {
  return parseWorkload({
    name: `get ${lengthBytes}-byte keys`,
    description: `GET, uniform keys of ${lengthBytes} bytes, every key exists`,
    keys: { count: 100_000, prefix: 'k', lengthBytes, distribution: { kind: 'uniform' } },
    value: { kind: 'fixed', bytes: 8 },
    commands: [{ weight: 1, template: ['GET', '{key}'] }],
    preload: { template: ['SET', '{key}', '{value}'] },
    expectedHitRate: { share: 1, tolerance: 0.001 },
  });
}

export const definition: ExperimentDefinition = {
  id: 'fast-hash',
  title: 'Hashing keys by words',
  question: 'From which key length on does a word-wise hash pay over a byte-wise one, and how much?',
  flag: 'fast-hash',
  ...flagArms('fast-hash'),
  scenarios: [
    closedLoop('GET, 64-byte keys, 8 B', keysOf(64), 64, { id: 'key-64' }),
    closedLoop('GET, 16-byte keys, 8 B', keysOf(16), 64, { id: 'key-16' }),
    closedLoop('GET, 8-byte keys, 8 B', keysOf(8), 64, { id: 'key-8', tier: 2 }),
    closedLoop('GET, 256-byte keys, 8 B', keysOf(256), 64, { id: 'key-256', tier: 2 }),
  ],
  budgets: [],
};
