/**
 * What redis_exporter (a Go program, not run here) makes of INFO: each line is cut at its first colon under the section's heading, the
 * fields that it has a metric for are numbers or ok/fail, and four sections have a grammar of their own. Run with TEST_AGAINST=redis the
 * lists below are checked against Redis 7.4 itself.
 */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTool, needing, type RunningServer, startRedis, toolVersion } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

/** The fields it has a metric for which Redis 7.4 prints with its default configuration, AOF off. */
const MAPPED_FIELDS: Record<string, string> = {
  Server: 'uptime_in_seconds process_id hz configured_hz',
  Clients: `connected_clients blocked_clients tracking_clients maxclients client_recent_max_output_buffer
    client_recent_max_input_buffer clients_in_timeout_table pubsub_clients watching_clients total_watched_keys
    total_blocking_keys total_blocking_keys_on_nokey`,
  Memory: `allocator_active allocator_allocated allocator_resident allocator_frag_ratio allocator_frag_bytes allocator_rss_ratio
    allocator_rss_bytes used_memory used_memory_rss used_memory_peak used_memory_lua used_memory_vm_eval
    used_memory_scripts_eval used_memory_overhead used_memory_startup used_memory_dataset number_of_cached_scripts
    number_of_functions number_of_libraries used_memory_vm_functions used_memory_scripts used_memory_functions
    used_memory_vm_total maxmemory mem_fragmentation_ratio mem_fragmentation_bytes mem_clients_slaves mem_clients_normal
    mem_not_counted_for_evict mem_total_replication_buffers mem_overhead_db_hashtable_rehashing lazyfree_pending_objects
    active_defrag_running total_system_memory`,
  Persistence: `loading async_loading rdb_changes_since_last_save rdb_bgsave_in_progress rdb_last_save_time rdb_last_bgsave_status
    rdb_last_bgsave_time_sec rdb_current_bgsave_time_sec rdb_saves rdb_last_cow_size rdb_last_load_keys_expired
    rdb_last_load_keys_loaded aof_enabled aof_rewrite_in_progress aof_rewrite_scheduled aof_last_rewrite_time_sec
    aof_current_rewrite_time_sec aof_last_cow_size aof_last_bgrewrite_status aof_last_write_status module_fork_in_progress
    module_fork_last_cow_size`,
  Stats: `total_connections_received total_commands_processed rejected_connections total_net_input_bytes total_net_output_bytes
    total_net_repl_input_bytes total_net_repl_output_bytes expired_subkeys expired_keys expired_stale_perc
    expired_time_cap_reached_count expire_cycle_cpu_milliseconds evicted_keys evicted_clients evicted_scripts
    total_eviction_exceeded_time current_eviction_exceeded_time keyspace_hits keyspace_misses pubsub_channels pubsub_patterns
    pubsubshard_channels latest_fork_usec migrate_cached_sockets slave_expires_tracked_keys active_defrag_hits
    active_defrag_misses active_defrag_key_hits active_defrag_key_misses tracking_total_keys tracking_total_items
    tracking_total_prefixes unexpected_error_replies total_error_replies dump_payload_sanitizations total_reads_processed
    total_writes_processed io_threaded_reads_processed io_threaded_writes_processed client_query_buffer_limit_disconnections
    client_output_buffer_limit_disconnections reply_buffer_shrinks reply_buffer_expands acl_access_denied_auth
    acl_access_denied_cmd acl_access_denied_key acl_access_denied_channel sync_full sync_partial_ok sync_partial_err`,
  Replication: `connected_slaves repl_backlog_size repl_backlog_active repl_backlog_first_byte_offset repl_backlog_histlen
    master_repl_offset second_repl_offset`,
  CPU: `used_cpu_sys used_cpu_user used_cpu_sys_children used_cpu_user_children used_cpu_sys_main_thread
    used_cpu_user_main_thread`,
  Cluster: 'cluster_enabled',
};
/** Labels of its metric `redis_instance_info`. */
const LABEL_FIELDS = [
  ...[
    'role',
    'redis_version',
    'redis_build_id',
    'redis_mode',
    'os',
    'maxmemory_policy',
    'tcp_port',
    'run_id',
  ],
  ...['process_id', 'master_replid'],
];
const NUMBER = /^-?\d+(\.\d+)?$/;
const PERCENTILES = /^p50=\d+\.\d{3},p99=\d+\.\d{3},p99\.9=\d+\.\d{3}$/;

/** Section -> field -> value, read as the exporter reads it. @throws on a line that it would skip. */
function parseInfo(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let fields: Map<string, string> | undefined;
  for (const line of text.split('\r\n')) {
    if (line === '') continue;
    if (line.startsWith('# ')) {
      fields = new Map();
      sections.set(line.slice(2), fields);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1 || fields === undefined || /[\r\n]/.test(line)) throw new Error(`not key:value: ${line}`);
    fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return sections;
}

describe('INFO, as redis_exporter reads it', () => {
  let server: RunningServer;
  let client: Redis;
  let sections: Map<string, Map<string, string>>;
  const section = (name: string): Map<string, string> => {
    const fields = sections.get(name);
    if (fields === undefined) throw new Error(`no section ${name}`);
    return fields;
  };
  beforeAll(async () => {
    server = await startServerUnderTest();
    client = new Redis(server.port);
    const failing = (...command: [string, ...string[]]) => expect(client.call(...command)).rejects.toThrow();
    // A busy machine may make any command slow; the log shall be empty.
    await client.config('SET', 'slowlog-log-slower-than', '-1');
    await client.set('lasting', '1');
    await client.set('fleeting', '1', 'EX', 1000);
    await client.hset('hash', 'f', 'v');
    await client.select(9);
    await client.set('elsewhere', '1');
    await client.select(0);
    await failing('HGET', 'lasting', 'f');
    await failing('NOSUCHCOMMAND');
    await failing('GET');
    await failing('EVALSHA', 'f'.repeat(40), '0');
    await client.config('GET', 'maxmemory');
    sections = parseInfo(await client.info('all'));
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });

  it('has every field that becomes a metric, in its section, as a number', () => {
    for (const [name, list] of Object.entries(MAPPED_FIELDS))
      for (const field of list.split(/\s+/)) {
        const value = section(name).get(field);
        expect(value, `${field} of ${name}`).toBeDefined();
        // What ends in _status is 1 for ok and 0 for everything else it knows.
        expect(value, field).toMatch(field.endsWith('_status') ? /^(ok|err|fail)$/ : NUMBER);
      }
  });

  it('has the fields that become labels', () => {
    const all = new Map([...sections.values()].flatMap((fields) => [...fields]));
    for (const field of LABEL_FIELDS) expect(all.get(field), field).toMatch(/\S/);
    expect(all.get('role')).toBe('master');
    expect(all.get('tcp_port')).toBe(String(server.port));
    expect(all.get('redis_version')).toMatch(/^7\.4\.\d+$/);
    expect(all.get('run_id')).toMatch(/^[0-9a-f]{40}$/);
    expect(all.get('master_replid')).toMatch(/^[0-9a-f]{40}$/);
  });

  it('tells of databases with keys, and of no others', () => {
    expect([...section('Keyspace').keys()]).toEqual(['db0', 'db9']);
    expect(section('Keyspace').get('db0')).toMatch(/^keys=3,expires=1,avg_ttl=\d+,subexpiry=0$/);
    expect(section('Keyspace').get('db9')).toBe('keys=1,expires=0,avg_ttl=0,subexpiry=0');
  });

  it('tells of commands and of their errors', () => {
    for (const [field, value] of section('Commandstats')) {
      expect(field).toMatch(/^cmdstat_[a-z|_-]+$/);
      expect(value).toMatch(
        /^calls=\d+,usec=\d+,usec_per_call=\d+\.\d{2},rejected_calls=\d+,failed_calls=\d+$/,
      );
    }
    const of = (command: string) => section('Commandstats').get(`cmdstat_${command}`);
    expect(of('set')).toMatch(/^calls=3,.*,rejected_calls=0,failed_calls=0$/);
    expect(of('hget')).toMatch(/^calls=1,.*,rejected_calls=0,failed_calls=1$/);
    expect(of('get')).toMatch(/^calls=0,usec=0,usec_per_call=0\.00,rejected_calls=1,failed_calls=0$/);
    expect(of('evalsha')).toMatch(/^calls=1,.*,rejected_calls=0,failed_calls=1$/);
    expect(of('config|get')).toMatch(/^calls=1,/);
    expect(of('nosuchcommand')).toBeUndefined();
  });

  it('tells of percentiles of the commands that ran', () => {
    for (const [field, value] of section('Latencystats')) {
      expect(field).toMatch(/^latency_percentiles_usec_[a-z|_-]+$/);
      expect(value).toMatch(PERCENTILES);
      expect(section('Commandstats').has(field.replace('latency_percentiles_usec_', 'cmdstat_'))).toBe(true);
    }
    const names = [...section('Latencystats').keys()];
    expect(names).toContain('latency_percentiles_usec_set');
    expect(names).toContain('latency_percentiles_usec_config|get');
    expect(names).not.toContain('latency_percentiles_usec_get');
  });

  it('counts errors by their first word', () => {
    expect(Object.fromEntries(section('Errorstats'))).toEqual({
      errorstat_ERR: 'count=2',
      errorstat_NOSCRIPT: 'count=1',
      errorstat_WRONGTYPE: 'count=1',
    });
    expect(section('Stats').get('total_error_replies')).toBe('4');
  });

  it('answers what else is asked in a scrape', async () => {
    expect(await client.client('SETNAME', 'redis_exporter')).toBe('OK');
    const configuration = (await client.config('GET', '*')) as string[];
    expect(configuration.length).toBeGreaterThan(200);
    expect(configuration).toContain('databases');
    expect(await client.slowlog('LEN')).toBe(0);
    expect(await client.slowlog('GET', 1)).toEqual([]);
    expect(await client.call('LATENCY', 'LATEST')).toEqual([]);
    const histogram = (await client.call('LATENCY', 'HISTOGRAM', 'set')) as unknown[];
    expect(histogram[0]).toBe('set');
    expect((histogram[1] as unknown[]).slice(0, 3)).toEqual(['calls', 3, 'histogram_usec']);
    expect(await client.client('LIST')).toMatch(
      /^id=\d+ addr=\S+ laddr=\S+ fd=-?\d+ name=redis_exporter age=\d+ idle=\d+ flags=N db=0 /m,
    );
  });

  const redis = findTool('redis-server');
  const comparable = redis !== undefined && toolVersion(redis)?.startsWith('7.4.') === true;
  it.skipIf(!comparable)(
    needing(
      'prints every line that Redis 7.4 prints after the same commands',
      'redis-server 7.4',
      comparable ? redis : undefined,
    ),
    async () => {
      const theirs = await startRedis(redis!);
      const other = new Redis(theirs.port);
      try {
        // The sections that are the same whatever was called before.
        const wanted = parseInfo(await other.info());
        for (const [name, fields] of wanted) {
          if (name === 'Errorstats' || name === 'Keyspace') continue;
          expect([...section(name).keys()], name).toEqual(expect.arrayContaining([...fields.keys()]));
        }
        expect([...sections.keys()]).toEqual(expect.arrayContaining([...wanted.keys()]));
      } finally {
        other.disconnect();
        await theirs.stop();
      }
    },
  );
});
