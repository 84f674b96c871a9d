/** INFO's counters: totals, by command, by error code. */
import { quantileUs } from '../../../../base/latencyBuckets.ts';
import type { CommandContext } from '../../command.ts';

export function statsSection({ server }: CommandContext): string[] {
  const { access, clients, stats } = server;
  const { rates } = stats;
  return [
    `total_connections_received:${clients.connectionsTotal}`,
    `total_commands_processed:${stats.commandsProcessed()}`,
    `instantaneous_ops_per_sec:${Math.round(rates.commandsPerSec())}`,
    `total_net_input_bytes:${stats.netInputBytes}`,
    `total_net_output_bytes:${stats.netOutputBytes}`,
    'total_net_repl_input_bytes:0',
    'total_net_repl_output_bytes:0',
    `instantaneous_input_kbps:${(rates.inputBytesPerSec() / 1024).toFixed(2)}`,
    `instantaneous_output_kbps:${(rates.outputBytesPerSec() / 1024).toFixed(2)}`,
    'instantaneous_input_repl_kbps:0.00',
    'instantaneous_output_repl_kbps:0.00',
    `rejected_connections:${clients.connectionsRejected}`,
    'sync_full:0',
    'sync_partial_ok:0',
    'sync_partial_err:0',
    `expired_subkeys:${stats.expiredFields}`,
    `expired_keys:${stats.expiredKeys}`,
    'expired_stale_perc:0.00',
    'expired_time_cap_reached_count:0',
    'expire_cycle_cpu_milliseconds:0',
    `evicted_keys:${stats.evictedKeys}`,
    `evicted_clients:${stats.evictedClients}`,
    `evicted_scripts:${server.scripting.evictions}`,
    'total_eviction_exceeded_time:0',
    'current_eviction_exceeded_time:0',
    `keyspace_hits:${stats.keyspaceHits}`,
    `keyspace_misses:${stats.keyspaceMisses}`,
    `pubsub_channels:${server.channels.nameCount('channel')}`,
    `pubsub_patterns:${server.channels.nameCount('pattern')}`,
    `pubsubshard_channels:${server.channels.nameCount('shard')}`,
    'latest_fork_usec:0',
    'total_forks:0',
    'migrate_cached_sockets:0',
    'slave_expires_tracked_keys:0',
    'active_defrag_hits:0',
    'active_defrag_misses:0',
    'active_defrag_key_hits:0',
    'active_defrag_key_misses:0',
    'total_active_defrag_time:0',
    'current_active_defrag_time:0',
    `tracking_total_keys:${server.tracking.keyCount}`,
    `tracking_total_items:${server.tracking.itemCount}`,
    `tracking_total_prefixes:${server.tracking.prefixCount}`,
    'unexpected_error_replies:0',
    `total_error_replies:${stats.errorReplies}`,
    'dump_payload_sanitizations:0',
    'total_reads_processed:0',
    'total_writes_processed:0',
    'io_threaded_reads_processed:0',
    'io_threaded_writes_processed:0',
    `client_query_buffer_limit_disconnections:${stats.queryLimitCloses}`,
    `client_output_buffer_limit_disconnections:${stats.outputLimitCloses}`,
    'reply_buffer_shrinks:0',
    'reply_buffer_expands:0',
    'eventloop_cycles:0',
    'eventloop_duration_sum:0',
    'eventloop_duration_cmd_sum:0',
    'instantaneous_eventloop_cycles_per_sec:0',
    'instantaneous_eventloop_duration_usec:0',
    `acl_access_denied_auth:${access.refusals.auth}`,
    `acl_access_denied_cmd:${access.refusals.command}`,
    `acl_access_denied_key:${access.refusals.key}`,
    `acl_access_denied_channel:${access.refusals.channel}`,
  ];
}

export function commandStatsSection({ server }: CommandContext): string[] {
  const { stats } = server;
  const lines: string[] = [];
  for (const { fullName, number } of server.commands.entries) {
    const calls = stats.callsByCommand[number]!;
    const rejected = stats.rejectedByCommand[number]!;
    const failed = stats.failedByCommand[number]!;
    if (calls === 0 && rejected === 0 && failed === 0) continue;
    const us = stats.executionUs(number);
    const perCall = (calls === 0 ? 0 : us / calls).toFixed(2);
    const times = `usec=${Math.round(us)},usec_per_call=${perCall}`;
    lines.push(
      `cmdstat_${fullName}:calls=${calls},${times},rejected_calls=${rejected},failed_calls=${failed}`,
    );
  }
  return lines;
}

export const errorStatsSection = ({ server }: CommandContext): string[] =>
  [...server.stats.errorsByCode].map(([code, count]) => `errorstat_${code}:count=${count}`);

/** Percentiles of execution by command; of fast commands some are timed, and stand for all. */
export function latencyStatsSection({ server }: CommandContext): string[] {
  const { commands, configuration, stats } = server;
  if (!configuration.flag('latency-tracking')) return [];
  const percentiles = configuration
    .text('latency-tracking-info-percentiles')
    .split(' ')
    .filter((text) => text !== '');
  return commands.entries
    .filter(({ number }) => stats.timedByCommand[number]! > 0)
    .map(({ fullName, number }) => {
      const counts = stats.executionCounts(number);
      const values = percentiles.map(
        (text) => `p${text}=${quantileUs(counts, Number(text) / 100).toFixed(3)}`,
      );
      return `latency_percentiles_usec_${fullName}:${values.join(',')}`;
    });
}
