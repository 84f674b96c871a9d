/** How each metric reads in a sentence, and which way is good. One row per metric, so that nothing is worded twice. */
import type { MetricId } from '../experiments/result.ts';

export interface MetricWording {
  higherIsBetter: boolean;
  /** `B <verb> 7.1 % <more | less>`. */
  verb: string;
  more: string;
  less: string;
}

function latency(percentile: string): MetricWording {
  return {
    higherIsBetter: false,
    verb: 'has a',
    more: `higher ${percentile} latency`,
    less: `lower ${percentile} latency`,
  };
}

function cost(verb: string, what: string, [more, less] = ['more', 'less']): MetricWording {
  return { higherIsBetter: false, verb, more: `${more} ${what}`, less: `${less} ${what}` };
}

const wordings: Record<MetricId, MetricWording> = {
  'throughput-ops-per-sec': { higherIsBetter: true, verb: 'is', more: 'faster', less: 'slower' },
  'cpu-us-per-request': cost('uses', 'CPU per request'),
  'cpu-user-us-per-request': cost('uses', 'user CPU per request'),
  'cpu-system-us-per-request': cost('uses', 'system CPU per request'),
  'latency-p50-us': latency('p50'),
  'latency-p90-us': latency('p90'),
  'latency-p95-us': latency('p95'),
  'latency-p99-us': latency('p99'),
  'latency-p999-us': latency('p99.9'),
  'latency-p9999-us': latency('p99.99'),
  'latency-max-us': latency('maximum'),
  'memory-bytes-per-key-rss': cost('takes', 'resident memory per key'),
  'memory-bytes-per-key-accounted': cost('takes', 'accounted memory per key'),
  'memory-overhead-bytes-per-key': cost('has', 'memory overhead per key'),
  'memory-resident-bytes': cost('takes', 'resident memory under load'),
  'gc-pause-us-per-sec': cost('spends', 'time in garbage collection pauses'),
  'allocated-bytes-per-request': cost('allocates', 'bytes per request', ['more', 'fewer']),
  'gossip-bytes-per-request': cost('tells its peers', 'bytes per request', ['more', 'fewer']),
  'run-queue-wait-us-per-sec': cost('spends', 'time waiting for a CPU'),
  'context-switches-per-sec': cost('makes', 'context switches', ['more', 'fewer']),
};

export function metricWording(metric: MetricId): MetricWording {
  return wordings[metric];
}
