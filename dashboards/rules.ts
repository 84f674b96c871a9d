/** Recording and alerting rules for Prometheus, as data: `generate.ts` makes `rules.yml` of it. */

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  readonly description: string;
}

export const recordingRules: readonly RecordingRule[] = [
  { record: 'instance:evenkeel_commands:rate1m', expr: 'sum by (instance) (rate(evenkeel_commands_total[1m]))' },
  {
    record: 'instance:evenkeel_service_duration_seconds:p99_1m',
    expr: 'histogram_quantile(0.99, sum by (instance, le) (rate(evenkeel_service_duration_seconds_bucket[1m])))',
  },
  {
    record: 'instance_cause:evenkeel_interference:share1m',
    expr: 'sum by (instance, cause) (rate(evenkeel_interference_seconds_total[1m]))',
  },
];

export const alertingRules: readonly AlertingRule[] = [
  {
    alert: 'EvenkeelDown',
    expr: 'up{job="evenkeel"} == 0',
    for: '1m',
    severity: 'critical',
    summary: '{{ $labels.instance }} does not answer',
    description: 'No scrape of its control plane has succeeded for a minute.',
  },
  {
    alert: 'EvenkeelTailLatency',
    expr: 'instance:evenkeel_service_duration_seconds:p99_1m > 0.01 and instance:evenkeel_commands:rate1m > 10',
    for: '5m',
    severity: 'warning',
    summary: 'p99 of {{ $labels.instance }} is {{ $value | humanizeDuration }}',
    description: 'One request in a hundred has taken more than 10 ms for five minutes. The live page says what was in the way.',
  },
  {
    alert: 'EvenkeelThreadSaturated',
    expr: 'max by (instance) (rate(evenkeel_loop_busy_seconds_total[1m])) > 0.9',
    for: '5m',
    severity: 'warning',
    summary: 'a shard of {{ $labels.instance }} is busy {{ $value | humanizePercentage }} of the time',
    description: 'Queues grow without bound close to 100 %. Add shards, or take load away.',
  },
  {
    alert: 'EvenkeelWaitsForCore',
    expr: 'max by (instance) (rate(evenkeel_run_queue_wait_seconds_total[1m])) > 0.1',
    for: '5m',
    severity: 'warning',
    summary: 'a shard of {{ $labels.instance }} waits for a core {{ $value | humanizePercentage }} of the time',
    description: 'Something else runs on its core. No setting of the server helps against that.',
  },
  {
    alert: 'EvenkeelMemoryNearLimit',
    expr: 'sum by (instance) (evenkeel_memory_used_bytes) / (sum by (instance) (evenkeel_memory_limit_bytes) > 0) > 0.9',
    for: '5m',
    severity: 'warning',
    summary: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of maxmemory',
    description: 'Writes will evict keys, or be refused where the policy is noeviction.',
  },
];
