/**
 * How each field of INFO becomes one over all shards. Fields that are not named here are the process's or the server's, alike on every
 * shard: the first shard's stand for all.
 */

/** Counts and bytes that each shard keeps for itself. */
export const SUMMED_FIELDS: ReadonlySet<string> = new Set([
  'connected_clients',
  'blocked_clients',
  'tracking_clients',
  'pubsub_clients',
  'watching_clients',
  'clients_in_timeout_table',
  'total_watched_keys',
  'total_blocking_keys',
  'total_blocking_keys_on_nokey',
  'used_memory',
  'used_memory_peak',
  'used_memory_overhead',
  'used_memory_dataset',
  'allocator_allocated',
  'allocator_active',
  'mem_clients_normal',
  'lazyfree_pending_objects',
  'lazyfreed_objects',
  'evenkeel_heap_used',
  'evenkeel_external_used',
  'evenkeel_storage_reserved',
  'evenkeel_allocated_bytes',
  'evenkeel_gc_pause_us',
  'rdb_changes_since_last_save',
  'total_connections_received',
  'total_commands_processed',
  'instantaneous_ops_per_sec',
  'total_net_input_bytes',
  'total_net_output_bytes',
  'instantaneous_input_kbps',
  'instantaneous_output_kbps',
  'rejected_connections',
  'client_output_buffer_limit_disconnections',
  'client_query_buffer_limit_disconnections',
  'evicted_clients',
  'expired_subkeys',
  'expired_keys',
  'evicted_keys',
  'keyspace_hits',
  'keyspace_misses',
  'total_error_replies',
  'acl_access_denied_auth',
  'acl_access_denied_cmd',
  'acl_access_denied_key',
  'acl_access_denied_channel',
]);

export const LARGEST_FIELDS: ReadonlySet<string> = new Set([
  'client_recent_max_input_buffer',
  'client_recent_max_output_buffer',
]);

type Fields = ReadonlyMap<string, string>;

const bytesOf = (fields: Fields, name: string): number => Number(fields.get(name) ?? 0);
const ratio = (a: number, b: number): string => (b === 0 ? 0 : a / b).toFixed(2);
const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (part * 100) / whole).toFixed(2)}%`;

/** Fields that follow from others, made again once those are summed. `human` writes bytes as INFO does. */
export const derivedFields = (
  human: (bytes: number) => string,
): ReadonlyMap<string, (fields: Fields) => string> =>
  new Map<string, (fields: Fields) => string>([
    ['used_memory_human', (f) => human(bytesOf(f, 'used_memory'))],
    ['used_memory_peak_human', (f) => human(bytesOf(f, 'used_memory_peak'))],
    ['used_memory_peak_perc', (f) => percent(bytesOf(f, 'used_memory'), bytesOf(f, 'used_memory_peak'))],
    [
      'used_memory_dataset_perc',
      (f) => percent(bytesOf(f, 'used_memory_dataset'), bytesOf(f, 'used_memory')),
    ],
    ['allocator_rss_ratio', (f) => ratio(bytesOf(f, 'used_memory_rss'), bytesOf(f, 'allocator_allocated'))],
    ['allocator_rss_bytes', (f) => String(bytesOf(f, 'used_memory_rss') - bytesOf(f, 'allocator_allocated'))],
    ['mem_fragmentation_ratio', (f) => ratio(bytesOf(f, 'used_memory_rss'), bytesOf(f, 'used_memory'))],
    ['mem_fragmentation_bytes', (f) => String(bytesOf(f, 'used_memory_rss') - bytesOf(f, 'used_memory'))],
  ]);
