/** Flag `arena-storage`: bytes in arenas with 32-bit addresses instead of a Map of objects. */
import type { ExperimentDefinition, MemoryScenario } from '../../src/lab/experiments/definition.ts';
import { flagArms } from '../../src/lab/experiments/flagArms.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

function memory(valueBytes: number, ttl: boolean): MemoryScenario {
  return {
    kind: 'memory',
    id: `memory-${valueBytes}${ttl ? '-ttl' : ''}`,
    label: `bytes per key: 16-byte keys, ${valueBytes}-byte values, ${ttl ? 'with' : 'no'} TTL`,
    keyBytes: 16,
    valueBytes,
    ttl,
    decides: ['memory-bytes-per-key-rss'],
    tier: 1,
  };
}

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
    memory(64, false),
    { ...memory(8, false), tier: 3, efforts: ['full'] },
    { ...memory(64, true), tier: 3, efforts: ['full'] },
    {
      kind: 'load',
      id: 'p64',
      label: 'GET/SET 50/50, 64 B, pipeline 64, closed loop, 50 connections',
      workload: mixWorkload(1, 1, { keys: 1_000_000, valueBytes: 64 }),
      connections: 50,
      loop: { kind: 'closed', pipeline: 64 },
      decides: ['cpu-us-per-request'],
      tier: 1,
    },
  ],
  budgets: [],
};
