/**
 * `/metrics/redis-exporter`: the names that dashboards made for redis_exporter query, so that they work unchanged. Sums over the
 * shards. Where this server has no such thing (replicas, blocked clients) the value is what Redis without it would say.
 */
import type { Figure } from '../../ports/probe.ts';
import type { ObservedServer } from '../observedServer.ts';
import type { ShardRecording } from '../recording/shardRecording.ts';
import type { ReadMetric, Sample } from './exposition.ts';
import { figureOf } from './serverMetrics.ts';

/** redis_exporter names some counters without `_total`, and gauges with units of its own. */
const FIGURE_METRICS: readonly (readonly [string, 'counter' | 'gauge', Figure])[] = [
  ['redis_connected_clients', 'gauge', 'connectedClients'],
  ['redis_connections_received_total', 'counter', 'connectionsReceived'],
  ['redis_rejected_connections_total', 'counter', 'connectionsRejected'],
  ['redis_memory_used_bytes', 'gauge', 'usedMemoryBytes'],
  ['redis_memory_used_peak_bytes', 'gauge', 'peakMemoryBytes'],
  ['redis_memory_max_bytes', 'gauge', 'maxMemoryBytes'],
  ['redis_keyspace_hits_total', 'counter', 'keyspaceHits'],
  ['redis_keyspace_misses_total', 'counter', 'keyspaceMisses'],
  ['redis_net_input_bytes_total', 'counter', 'netInputBytes'],
  ['redis_net_output_bytes_total', 'counter', 'netOutputBytes'],
  ['redis_expired_keys_total', 'counter', 'expiredKeys'],
  ['redis_evicted_keys_total', 'counter', 'evictedKeys'],
];

export function redisExporterMetrics(server: ObservedServer): ReadMetric[] {
  const { recordings, facts, meters } = server;
  const sum = (read: (recording: ShardRecording) => number): number =>
    recordings.reduce((total, recording) => total + read(recording), 0);
  const one = (name: string, type: 'counter' | 'gauge', read: () => number): ReadMetric => ({
    name,
    type,
    help: `As redis_exporter reports it: ${name.slice('redis_'.length).replaceAll('_', ' ')}.`,
    samples: () => [{ labels: {}, value: read() }],
  });
  const commands = recordings[0]?.commands ?? [];
  const byCommand = (
    name: string,
    read: (recording: ShardRecording, command: number) => number,
  ): ReadMetric => ({
    ...one(name, 'counter', () => 0),
    samples: () =>
      commands.flatMap((cmd, command): Sample[] => {
        const isUsed = sum(({ regions }) => regions.calls[command]!) > 0;
        return isUsed ? [{ labels: { cmd }, value: sum((recording) => read(recording, command)) }] : [];
      }),
  });
  const byDatabase = (
    name: string,
    read: (recording: ShardRecording, database: number) => number,
  ): ReadMetric => ({
    ...one(name, 'gauge', () => 0),
    samples: () =>
      Array.from(recordings[0]?.regions.keys ?? [], (_, database) => ({
        labels: { db: `db${database}` },
        value: sum((recording) => read(recording, database)),
      })),
  });
  return [
    one('redis_up', 'gauge', () => 1),
    one('redis_uptime_in_seconds', 'gauge', () => (server.nowMs() - facts.startedMs) / 1000),
    one('redis_start_time_seconds', 'gauge', () => facts.startedMs / 1000),
    one('redis_blocked_clients', 'gauge', () => 0),
    one('redis_connected_slaves', 'gauge', () => 0),
    one('redis_memory_used_rss_bytes', 'gauge', () => meters.residentBytes()),
    one('redis_mem_fragmentation_ratio', 'gauge', () => {
      const used = sum((recording) => figureOf(recording, 'usedMemoryBytes'));
      return used === 0 ? 0 : meters.residentBytes() / used;
    }),
    one('redis_cpu_user_seconds_total', 'counter', () => meters.cpuUserSec()),
    one('redis_cpu_sys_seconds_total', 'counter', () => meters.cpuSystemSec()),
    one('redis_commands_processed_total', 'counter', () =>
      sum(({ regions }) => regions.calls.reduce((total, calls) => total + calls, 0)),
    ),
    ...FIGURE_METRICS.map(([name, type, figure]) =>
      one(name, type, () => sum((recording) => figureOf(recording, figure))),
    ),
    byCommand('redis_commands_total', ({ regions }, command) => regions.calls[command]!),
    byCommand('redis_commands_duration_seconds_total', (recording, command) =>
      executionSec(recording, command),
    ),
    byDatabase('redis_db_keys', ({ regions }, database) => regions.keys[database]!),
    byDatabase('redis_db_keys_expiring', ({ regions }, database) => regions.expiringKeys[database]!),
  ];
}

/** Timed calls stand for all: their mean times the number of calls. */
function executionSec(recording: ShardRecording, command: number): number {
  const timed = recording.executionOf(command).reduce((total, count) => total + count, 0);
  const { executionUs, calls } = recording.regions;
  return timed === 0 ? 0 : ((executionUs[command]! / timed) * calls[command]!) / 1e6;
}
