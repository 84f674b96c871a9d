/**
 * What the Grafana dashboards show, as data: `generate.ts` makes `*.json` of it. Every expression is one that Evenkeel's own `/metrics`
 * answers; a test runs each of them on a Prometheus that scrapes a loaded server.
 */

/** Grafana's names of units. */
export type Unit = 's' | 'percentunit' | 'reqps' | 'ops' | 'bytes' | 'Bps' | 'short' | 'cps' | 'none';

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface PanelDefinition {
  readonly title: string;
  readonly description: string;
  readonly kind: 'timeseries' | 'stat' | 'heatmap' | 'table';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Of a row's 24 columns. */
  readonly width: number;
  readonly stacked?: boolean;
  readonly logarithmic?: boolean;
}

export interface DashboardDefinition {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly PanelDefinition[] }[];
}

const OF = '{instance=~"$instance"}';
const rate = (metric: string, by = ''): string =>
  `sum${by === '' ? '' : ` by (${by})`} (rate(${metric}${OF}[$__rate_interval]))`;
const quantile = (q: number, metric: string, by = ''): string =>
  `histogram_quantile(${q}, sum by (le${by === '' ? '' : `, ${by}`}) (rate(${metric}_bucket${OF}[$__rate_interval])))`;

const SERVICE = 'evenkeel_service_duration_seconds';
const PERCENTILES: readonly (readonly [number, string])[] = [
  [0.5, 'p50'],
  [0.9, 'p90'],
  [0.99, 'p99'],
  [0.999, 'p99.9'],
];

const percentiles: PanelDefinition = {
  title: 'Service duration',
  description:
    'From the estimated arrival of a request until its replies were handed to the socket: queueing included, the network not.',
  kind: 'timeseries',
  unit: 's',
  queries: PERCENTILES.map(([q, legend]) => ({ expr: quantile(q, SERVICE), legend })),
  width: 12,
  logarithmic: true,
};

const busy: PanelDefinition = {
  title: "Where the shard's thread was",
  description: 'Share of each second: serving requests, other work by cause, and ready but without a core.',
  kind: 'timeseries',
  unit: 'percentunit',
  queries: [
    { expr: rate('evenkeel_loop_busy_seconds_total'), legend: 'requests' },
    { expr: rate('evenkeel_interference_seconds_total', 'cause'), legend: '{{cause}}' },
    { expr: rate('evenkeel_run_queue_wait_seconds_total'), legend: 'waiting for a core' },
  ],
  width: 12,
};

export const dashboards: readonly DashboardDefinition[] = [
  {
    uid: 'evenkeel-overview',
    title: 'Evenkeel: server',
    description: 'Load, latency, errors and size of a server.',
    rows: [
      {
        title: 'Now',
        panels: [
          {
            title: 'Requests',
            description: 'Commands executed per second.',
            kind: 'stat',
            unit: 'reqps',
            queries: [{ expr: rate('evenkeel_commands_total'), legend: '' }],
            width: 4,
          },
          {
            title: 'p99',
            description: 'Service duration that one request in a hundred exceeds.',
            kind: 'stat',
            unit: 's',
            queries: [{ expr: quantile(0.99, SERVICE), legend: '' }],
            width: 4,
          },
          {
            title: 'Thread busy',
            description: "Share of time that the shards' threads served requests, averaged over the shards.",
            kind: 'stat',
            unit: 'percentunit',
            queries: [{ expr: `avg (rate(evenkeel_loop_busy_seconds_total${OF}[$__rate_interval]))`, legend: '' }],
            width: 4,
          },
          {
            title: 'Keys',
            description: 'In all databases.',
            kind: 'stat',
            unit: 'short',
            queries: [{ expr: `sum (evenkeel_keys${OF})`, legend: '' }],
            width: 4,
          },
          {
            title: 'Clients',
            description: 'Open connections.',
            kind: 'stat',
            unit: 'short',
            queries: [{ expr: `sum (evenkeel_connected_clients${OF})`, legend: '' }],
            width: 4,
          },
          {
            title: 'Running since',
            description: 'Time since the start of the server.',
            kind: 'stat',
            unit: 's',
            queries: [{ expr: `time() - process_start_time_seconds${OF}`, legend: '' }],
            width: 4,
          },
        ],
      },
      {
        title: 'Load',
        panels: [
          {
            title: 'Commands',
            description: 'Executed per second, by command.',
            kind: 'timeseries',
            unit: 'reqps',
            queries: [{ expr: rate('evenkeel_commands_total', 'command'), legend: '{{command}}' }],
            width: 12,
            stacked: true,
          },
          percentiles,
          {
            title: 'Errors',
            description: 'Commands that failed or were refused, and connections ended for breaking the protocol.',
            kind: 'timeseries',
            unit: 'cps',
            queries: [
              { expr: rate('evenkeel_error_replies_total'), legend: 'error replies' },
              { expr: rate('evenkeel_protocol_errors_total'), legend: 'protocol errors' },
              { expr: rate('evenkeel_connections_rejected_total'), legend: 'connections rejected' },
            ],
            width: 8,
          },
          {
            title: 'Hit rate',
            description: 'Share of lookups that found their key.',
            kind: 'timeseries',
            unit: 'percentunit',
            queries: [
              {
                expr: `${rate('evenkeel_keyspace_hits_total')} / (${rate('evenkeel_keyspace_hits_total')} + ${rate('evenkeel_keyspace_misses_total')})`,
                legend: 'hits',
              },
            ],
            width: 8,
          },
          {
            title: 'Network',
            description: 'Bytes from and to clients.',
            kind: 'timeseries',
            unit: 'Bps',
            queries: [
              { expr: rate('evenkeel_network_receive_bytes_total'), legend: 'received' },
              { expr: rate('evenkeel_network_transmit_bytes_total'), legend: 'sent' },
            ],
            width: 8,
          },
        ],
      },
    ],
  },
  {
    uid: 'evenkeel-tail',
    title: 'Evenkeel: tail latency',
    description: 'Where durations lie, which commands are slow, and what was in their way.',
    rows: [
      {
        title: 'Durations',
        panels: [
          {
            title: 'Service durations over time',
            description: 'Requests per second in each bucket of duration.',
            kind: 'heatmap',
            unit: 's',
            queries: [{ expr: rate(`${SERVICE}_bucket`, 'le'), legend: '{{le}}' }],
            width: 24,
          },
          { ...percentiles, width: 12 },
          {
            title: 'p99 by command',
            description: 'Service duration that one request in a hundred of the command exceeds.',
            kind: 'timeseries',
            unit: 's',
            queries: [
              { expr: quantile(0.99, 'evenkeel_request_service_duration_seconds', 'command'), legend: '{{command}}' },
            ],
            width: 12,
            logarithmic: true,
          },
        ],
      },
      {
        title: 'Why',
        panels: [
          busy,
          {
            title: 'Execution p99 by command',
            description: 'Of the calls that were timed: one in 256 of fast commands, all of slow ones.',
            kind: 'timeseries',
            unit: 's',
            queries: [
              { expr: quantile(0.99, 'evenkeel_command_execution_duration_seconds', 'command'), legend: '{{command}}' },
            ],
            width: 12,
            logarithmic: true,
          },
          {
            title: 'Requests in a batch',
            description: 'Mean number of requests that one read of one connection brought: they wait for each other.',
            kind: 'timeseries',
            unit: 'short',
            queries: [
              {
                expr: `${rate('evenkeel_batch_requests_sum')} / ${rate('evenkeel_batch_requests_count')}`,
                legend: 'mean',
              },
            ],
            width: 12,
          },
          {
            title: 'Work beside requests',
            description: 'Pieces of work per second, by cause.',
            kind: 'timeseries',
            unit: 'ops',
            queries: [{ expr: rate('evenkeel_interference_total', 'cause'), legend: '{{cause}}' }],
            width: 12,
          },
        ],
      },
    ],
  },
  {
    uid: 'evenkeel-memory',
    title: 'Evenkeel: memory',
    description: 'What memory is used for, per key and in all.',
    rows: [
      {
        title: 'Memory',
        panels: [
          {
            title: 'By cause',
            description: 'Index, records, slack of their allocation, collections, buffers, JavaScript heap.',
            kind: 'timeseries',
            unit: 'bytes',
            queries: [{ expr: `sum by (cause) (evenkeel_memory_bytes${OF})`, legend: '{{cause}}' }],
            width: 12,
            stacked: true,
          },
          {
            title: 'Used, limit, resident',
            description: 'What maxmemory is compared with, and what the operating system counts.',
            kind: 'timeseries',
            unit: 'bytes',
            queries: [
              { expr: `sum (evenkeel_memory_used_bytes${OF})`, legend: 'used' },
              { expr: `sum (evenkeel_memory_limit_bytes${OF})`, legend: 'limit' },
              { expr: `sum (process_resident_memory_bytes${OF})`, legend: 'resident' },
            ],
            width: 12,
          },
          {
            title: 'Bytes per key',
            description: 'Used memory divided by the number of keys, by shard.',
            kind: 'timeseries',
            unit: 'bytes',
            queries: [{ expr: `evenkeel_memory_per_key_bytes${OF}`, legend: 'shard {{shard}}' }],
            width: 12,
          },
          {
            title: 'Keys',
            description: 'In each database, and those with an expiry.',
            kind: 'timeseries',
            unit: 'short',
            queries: [
              { expr: `sum by (db) (evenkeel_keys${OF})`, legend: '{{db}}' },
              { expr: `sum by (db) (evenkeel_expiring_keys${OF})`, legend: '{{db}} with expiry' },
            ],
            width: 12,
          },
          {
            title: 'Removed',
            description: 'Keys expired and evicted, values released in slices, per second.',
            kind: 'timeseries',
            unit: 'cps',
            queries: [
              { expr: rate('evenkeel_expired_keys_total'), legend: 'expired' },
              { expr: rate('evenkeel_evicted_keys_total'), legend: 'evicted' },
              { expr: rate('evenkeel_released_objects_total'), legend: 'released' },
            ],
            width: 12,
          },
          {
            title: 'Heap',
            description: 'Allocation rate of the JavaScript heap, garbage included.',
            kind: 'timeseries',
            unit: 'Bps',
            queries: [{ expr: rate('evenkeel_heap_allocated_bytes_total'), legend: 'allocated' }],
            width: 12,
          },
        ],
      },
    ],
  },
  {
    uid: 'evenkeel-lab',
    title: 'Evenkeel: A beside B',
    description: 'Servers side by side, by the flags that they run with.',
    rows: [
      {
        title: 'Side by side',
        panels: [
          {
            title: 'Running',
            description: 'Version, commit and flags of every server.',
            kind: 'table',
            unit: 'none',
            queries: [{ expr: `evenkeel_build_info${OF}`, legend: '' }],
            width: 24,
          },
          {
            title: 'p99',
            description: 'Service duration that one request in a hundred exceeds, by server.',
            kind: 'timeseries',
            unit: 's',
            queries: [{ expr: quantile(0.99, SERVICE, 'instance'), legend: '{{instance}}' }],
            width: 12,
            logarithmic: true,
          },
          {
            title: 'Requests',
            description: 'Commands per second, by server.',
            kind: 'timeseries',
            unit: 'reqps',
            queries: [{ expr: rate('evenkeel_commands_total', 'instance'), legend: '{{instance}}' }],
            width: 12,
          },
          {
            title: 'CPU per request',
            description: 'CPU seconds of the whole process divided by commands executed, by server.',
            kind: 'timeseries',
            unit: 's',
            queries: [
              {
                expr: `${rate('process_cpu_seconds_total', 'instance')} / ${rate('evenkeel_commands_total', 'instance')}`,
                legend: '{{instance}}',
              },
            ],
            width: 12,
          },
          {
            title: 'Bytes per key',
            description: 'Used memory divided by the number of keys, by server.',
            kind: 'timeseries',
            unit: 'bytes',
            queries: [
              {
                expr: `sum by (instance) (evenkeel_memory_used_bytes${OF}) / sum by (instance) (evenkeel_keys${OF})`,
                legend: '{{instance}}',
              },
            ],
            width: 12,
          },
        ],
      },
    ],
  },
];
