/** INFO memory. Fields of parts that this server has not got (modules, defragmentation) are zero. */
import type { CommandContext } from '../../command.ts';
import { humanBytes } from './humanBytes.ts';
import { measureMemory } from './memoryMeasures.ts';
import { scriptMemoryLines } from './scriptMemory.ts';

const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (part * 100) / whole).toFixed(2)}%`;
const ratio = (a: number, b: number): string => (b === 0 ? 0 : a / b).toFixed(2);

export function memorySection({ server }: CommandContext): string[] {
  const { configuration } = server;
  const memory = measureMemory(server);
  const { usedBytes, peakBytes, residentBytes, heapBytes, externalBytes } = memory;
  const allocatedBytes = heapBytes + externalBytes;
  const machineBytes = server.process.systemMemoryBytes();
  const maxBytes = configuration.number('maxmemory');
  return [
    `used_memory:${usedBytes}`,
    `used_memory_human:${humanBytes(usedBytes)}`,
    `used_memory_rss:${residentBytes}`,
    `used_memory_rss_human:${humanBytes(residentBytes)}`,
    `used_memory_peak:${peakBytes}`,
    `used_memory_peak_human:${humanBytes(peakBytes)}`,
    `used_memory_peak_perc:${percent(usedBytes, peakBytes)}`,
    `used_memory_overhead:${memory.clientBytes}`,
    'used_memory_startup:0',
    `used_memory_dataset:${usedBytes}`,
    `used_memory_dataset_perc:${usedBytes === 0 ? '0.00%' : '100.00%'}`,
    `allocator_allocated:${allocatedBytes}`,
    `allocator_active:${allocatedBytes}`,
    `allocator_resident:${residentBytes}`,
    'allocator_muzzy:0',
    `total_system_memory:${machineBytes}`,
    `total_system_memory_human:${humanBytes(machineBytes)}`,
    ...scriptMemoryLines(server),
    `maxmemory:${maxBytes}`,
    `maxmemory_human:${humanBytes(maxBytes)}`,
    `maxmemory_policy:${configuration.text('maxmemory-policy')}`,
    'allocator_frag_ratio:1.00',
    'allocator_frag_bytes:0',
    `allocator_rss_ratio:${ratio(residentBytes, allocatedBytes)}`,
    `allocator_rss_bytes:${residentBytes - allocatedBytes}`,
    'rss_overhead_ratio:1.00',
    'rss_overhead_bytes:0',
    `mem_fragmentation_ratio:${ratio(residentBytes, usedBytes)}`,
    `mem_fragmentation_bytes:${residentBytes - usedBytes}`,
    'mem_not_counted_for_evict:0',
    'mem_replication_backlog:0',
    'mem_total_replication_buffers:0',
    'mem_clients_slaves:0',
    `mem_clients_normal:${memory.clientBytes}`,
    'mem_cluster_links:0',
    'mem_aof_buffer:0',
    'mem_allocator:v8',
    'mem_overhead_db_hashtable_rehashing:0',
    'active_defrag_running:0',
    `lazyfree_pending_objects:${server.disposal.pendingObjects}`,
    `lazyfreed_objects:${server.stats.lazyfreedObjects}`,
    `evenkeel_heap_used:${heapBytes}`,
    `evenkeel_external_used:${externalBytes}`,
    `evenkeel_storage_reserved:${memory.storageReservedBytes}`,
    `evenkeel_allocated_bytes:${Math.round(server.process.allocatedBytes())}`,
    `evenkeel_gc_pause_us:${Math.round(server.process.gcPauseUs())}`,
  ];
}
