/** INFO's sections about persistence, replication, CPU, modules and cluster. */
import type { CommandContext } from '../../command.ts';

export function persistenceSection({ server }: CommandContext): string[] {
  const { appendOnly, background, isSaving, record } = server.persistence;
  const { progress } = background;
  return [
    'loading:0',
    'async_loading:0',
    'current_cow_peak:0',
    'current_cow_size:0',
    'current_cow_size_age:0',
    'current_fork_perc:0.00',
    `current_save_keys_processed:${progress?.keysWritten ?? 0}`,
    `current_save_keys_total:${progress?.keysTotal ?? 0}`,
    `rdb_changes_since_last_save:${server.dirty}`,
    `rdb_bgsave_in_progress:${isSaving ? 1 : 0}`,
    `rdb_last_save_time:${Math.floor(record.lastSaveMs / 1000)}`,
    `rdb_last_bgsave_status:${record.lastStatusOk ? 'ok' : 'err'}`,
    `rdb_last_bgsave_time_sec:${record.lastDurationSec}`,
    `rdb_current_bgsave_time_sec:${isSaving ? Math.floor(progress!.elapsedMs / 1000) : -1}`,
    `rdb_saves:${record.saves}`,
    'rdb_last_cow_size:0',
    `rdb_last_load_keys_expired:${record.expiredAtLoad}`,
    `rdb_last_load_keys_loaded:${record.loaded}`,
    ...appendOnly.infoLines(),
    'module_fork_in_progress:0',
    'module_fork_last_cow_size:0',
    ...appendOnly.infoLinesWhenOn(),
  ];
}

export function replicationSection({ server }: CommandContext): string[] {
  return [
    'role:master',
    'connected_slaves:0',
    'master_failover_state:no-failover',
    `master_replid:${server.identity.runId}`,
    `master_replid2:${'0'.repeat(40)}`,
    'master_repl_offset:0',
    'second_repl_offset:-1',
    'repl_backlog_active:0',
    `repl_backlog_size:${server.configuration.number('repl-backlog-size')}`,
    'repl_backlog_first_byte_offset:0',
    'repl_backlog_histlen:0',
    ...server.replicationLines(),
  ];
}

export function cpuSection({ server }: CommandContext): string[] {
  const system = (server.process.cpuSystemUs() / 1_000_000).toFixed(6);
  const user = (server.process.cpuUserUs() / 1_000_000).toFixed(6);
  // The process's figures stand for the main thread's, too: the port does not tell threads apart.
  return [
    `used_cpu_sys:${system}`,
    `used_cpu_user:${user}`,
    'used_cpu_sys_children:0.000000',
    'used_cpu_user_children:0.000000',
    `used_cpu_sys_main_thread:${system}`,
    `used_cpu_user_main_thread:${user}`,
  ];
}

export const modulesSection = (): string[] => [];

export const clusterSection = (): string[] => ['cluster_enabled:0'];
