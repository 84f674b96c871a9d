/**
 * How each metric reads: name, unit, the direction that is good, and the phrase a sentence uses for it.
 * One record per MetricId; the compiler refuses a metric without one.
 */
import type { MetricId } from '../experiments/result.ts';
import { compact, finite, latencyUnit, type MaybeNumber, significant, UNKNOWN } from './format.ts';

interface MetricReading {
  /** Column name, unit apart. */
  name: string;
  unit: 'ops/s' | 'µs' | 'B' | 'B/key' | 'µs/s' | 'B/request' | '1/s' | 'µs/request';
  /** True where more is better. The comparison says so too; this serves tables that hold no comparison. */
  higherIsBetter: boolean;
  /** Fits `has 0.87x the ... of Redis`. */
  phrase: string;
}

const lower = (name: string, unit: MetricReading['unit'], phrase: string): MetricReading => ({
  name,
  unit,
  higherIsBetter: false,
  phrase,
});

export const METRICS: Record<MetricId, MetricReading> = {
  'throughput-ops-per-sec': {
    name: 'Throughput',
    unit: 'ops/s',
    higherIsBetter: true,
    phrase: 'throughput',
  },
  'cpu-us-per-request': lower('CPU per request', 'µs/request', 'CPU per request'),
  'cpu-user-us-per-request': lower('User CPU per request', 'µs/request', 'user CPU per request'),
  'cpu-system-us-per-request': lower('System CPU per request', 'µs/request', 'system CPU per request'),
  'latency-p50-us': lower('p50 latency', 'µs', 'p50 latency'),
  'latency-p90-us': lower('p90 latency', 'µs', 'p90 latency'),
  'latency-p95-us': lower('p95 latency', 'µs', 'p95 latency'),
  'latency-p99-us': lower('p99 latency', 'µs', 'p99 latency'),
  'latency-p999-us': lower('p99.9 latency', 'µs', 'p99.9 latency'),
  'latency-p9999-us': lower('p99.99 latency', 'µs', 'p99.99 latency'),
  'latency-max-us': lower('Largest latency', 'µs', 'largest latency'),
  'memory-bytes-per-key-rss': lower('Memory per key (RSS)', 'B/key', 'memory per key (RSS)'),
  'memory-bytes-per-key-accounted': lower(
    'Memory per key (accounted)',
    'B/key',
    'memory per key (accounted)',
  ),
  'memory-overhead-bytes-per-key': lower('Overhead per key', 'B/key', 'memory overhead per key'),
  'memory-resident-bytes': lower('Resident memory', 'B', 'resident memory under load'),
  'gc-pause-us-per-sec': lower('GC pauses', 'µs/s', 'garbage collection pauses'),
  'allocated-bytes-per-request': lower('Allocated', 'B/request', 'allocation per request'),
  'gossip-bytes-per-request': lower('Gossip', 'B/request', 'gossip per request'),
  'run-queue-wait-us-per-sec': lower('Run-queue wait', 'µs/s', 'run-queue wait'),
  'context-switches-per-sec': lower('Context switches', '1/s', 'context switches'),
};

const METRIC_ORDER = Object.keys(METRICS) as MetricId[];

/** Order in which metrics are listed: throughput, CPU, latency from the middle to the tail, memory, the rest. */
export function metricRank(metric: MetricId): number {
  const rank = METRIC_ORDER.indexOf(metric);
  return rank < 0 ? METRIC_ORDER.length : rank;
}

/** A result written by a later version may hold a metric this one has no words for: it prints under its own id. */
export function readingOf(metric: MetricId): MetricReading | { name: string; unit: ''; phrase: string } {
  return METRICS[metric] ?? { name: metric, unit: '', phrase: metric };
}

export interface ScaledRow {
  unit: string;
  texts: string[];
}

/** The values of one row in one unit, chosen for the largest of them. */
export function scaledRow(metric: MetricId, values: readonly MaybeNumber[]): ScaledRow {
  const { unit } = readingOf(metric);
  if (unit === 'µs') {
    const largest = Math.max(0, ...values.filter(finite).map(Math.abs));
    const scale = latencyUnit(largest);
    return {
      unit: scale.unit,
      texts: values.map((value) => (finite(value) ? significant(value / scale.divisor) : UNKNOWN)),
    };
  }
  return {
    unit,
    texts: values.map(unit === 'ops/s' || unit === 'B' ? compact : (value) => significant(value)),
  };
}
