/** The whole server against the baseline: throughput by pipeline depth, latency at a fixed rate, memory per key. */
import type { Effort, ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import type { BudgetRow, MetricId } from '../../src/lab/experiments/result.ts';
import { closedLoop, memoryPerKey, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const workload = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B';
const connections = 50;
const throughput = 'throughput-ops-per-sec';
const cpu = 'cpu-us-per-request';

/** Deciding metrics are few: each makes Holm's family larger, and the pairs every verdict needs with it. */
function saturated(pipeline: number, decides: MetricId[], efforts: Effort[] = ['smoke', 'quick', 'full']) {
  return closedLoop(what, workload, pipeline, { connections, decides, efforts });
}

function memory(valueBytes: number, ttl: boolean, efforts: Effort[] = ['smoke', 'quick', 'full']) {
  return memoryPerKey(valueBytes, {
    ttl,
    decides: ['memory-bytes-per-key-rss', 'memory-overhead-bytes-per-key'],
    tier: 2,
    efforts,
    // Held against budgets by its estimate; a slope over a million keys varies by less than a byte between processes.
    pairsMax: { smoke: 1, quick: 2, full: 2 },
  });
}

function ratio(
  label: string,
  scenarioId: string,
  metric: MetricId,
  bound: BudgetRow['bound'],
  limit: number,
): BudgetRow {
  return { label, scenarioId, metric, a: 'redis', b: 'all', bound, limit, unit: 'ratio' };
}

function overhead(label: string, scenarioId: string, limit: number): BudgetRow {
  return {
    label,
    scenarioId,
    metric: 'memory-overhead-bytes-per-key',
    b: 'all',
    bound: 'at-most',
    limit,
    unit: 'bytes',
  };
}

export const definition: ExperimentDefinition = {
  id: 'headline',
  title: 'Evenkeel with all flags against Redis',
  question:
    'How does the whole server stand against Redis in throughput, tail latency, CPU and memory per key?',
  arms: { smoke: ['redis', 'all'], quick: ['redis', 'all'], full: ['redis', 'all'] },
  // The server without any flag is the business of the ablation: a third arm would cost this comparison a third of its pairs.
  comparisons: [{ a: 'redis', b: 'all', primary: true }],
  withoutBaseline: { arms: ['none', 'all'], comparisons: [{ a: 'none', b: 'all', primary: true }] },
  scenarios: [
    saturated(64, [throughput, cpu]),
    saturated(16, [throughput]),
    saturated(1, [throughput], ['quick', 'full']),
    openLoop(what, workload, 40_000, { connections }),
    memory(8, false, ['quick', 'full']),
    memory(32, false, ['quick', 'full']),
    memory(64, false),
    memory(64, true),
  ],
  curve: {
    id: 'curve',
    workload,
    connections,
    ratesOpsPerSec: [10_000, 20_000, 40_000, 60_000],
    efforts: ['quick', 'full'],
  },
  // `floor` must hold in every version; `goal` is what the design aims at.
  budgets: [
    ratio('throughput, pipeline 64 (floor)', 'p64', throughput, 'at-least', 1.3),
    ratio('throughput, pipeline 64 (goal)', 'p64', throughput, 'at-least', 1.5),
    {
      label: 'throughput, pipeline 64 (goal)',
      scenarioId: 'p64',
      metric: throughput,
      b: 'all',
      bound: 'at-least',
      limit: 1_200_000,
      unit: 'ops/s',
    },
    ratio('throughput, pipeline 16 (floor)', 'p16', throughput, 'at-least', 1.1),
    ratio('throughput, pipeline 16 (goal)', 'p16', throughput, 'at-least', 1.2),
    ratio('throughput, no pipeline (floor)', 'p1', throughput, 'at-least', 0.95),
    ratio('throughput, no pipeline (goal)', 'p1', throughput, 'at-least', 1),
    ratio('CPU per request, pipeline 64 (floor)', 'p64', cpu, 'at-most', 0.75),
    ratio('CPU per request, pipeline 64 (goal)', 'p64', cpu, 'at-most', 0.65),
    ratio('CPU per request, pipeline 16 (goal)', 'p16', cpu, 'at-most', 0.8),
    ratio('CPU per request, no pipeline (goal)', 'p1', cpu, 'at-most', 1),
    ratio('p99 at 40k requests/s (floor)', 'open-40k', 'latency-p99-us', 'at-most', 1),
    ratio('p99.9 at 40k requests/s (goal)', 'open-40k', 'latency-p999-us', 'at-most', 1),
    overhead('overhead per key, 8 B values (floor)', 'memory-8', 20),
    overhead('overhead per key, 32 B values (floor)', 'memory-32', 20),
    overhead('overhead per key, 64 B values (floor)', 'memory-64', 20),
    overhead('overhead per key, 64 B values (goal)', 'memory-64', 16),
    overhead('overhead per key, 64 B values with TTL (floor)', 'memory-64-ttl', 28),
    overhead('overhead per key, 64 B values with TTL (goal)', 'memory-64-ttl', 24),
  ],
};
