import type { CommandContext, CommandSpec } from '../../command.ts';
import type { MemoryMeasures } from '../info/memoryMeasures.ts';
import { measureMemory } from '../info/memoryMeasures.ts';

/** The map's entries in Redis's order; what this server's engine does not know or have is zero. */
function memoryStatEntries(
  { reply, server }: CommandContext,
  memory: MemoryMeasures,
): [string, () => void][] {
  const integer = (name: string, value: number): [string, () => void] => [name, () => reply.integer(value)];
  const double = (name: string, value: number): [string, () => void] => [name, () => reply.double(value)];
  const databases = server.databases
    .filter((database) => database.keyspace.count > 0)
    .map((database): [string, () => void] => [
      `db.${database.index}`,
      () => {
        reply.map(2);
        reply.bulkText('overhead.hashtable.main');
        reply.integer(0);
        reply.bulkText('overhead.hashtable.expires');
        reply.integer(0);
      },
    ]);
  return [
    integer('peak.allocated', memory.peakBytes),
    integer('total.allocated', memory.usedBytes),
    integer('startup.allocated', 0),
    integer('replication.backlog', 0),
    integer('clients.slaves', 0),
    integer('clients.normal', memory.clientBytes),
    integer('cluster.links', 0),
    integer('aof.buffer', 0),
    integer('lua.caches', 0),
    integer('functions.caches', 0),
    ...databases,
    integer('overhead.db.hashtable.lut', 0),
    integer('overhead.db.hashtable.rehashing', 0),
    integer('overhead.total', memory.clientBytes),
    integer('db.dict.rehashing.count', 0),
    integer('keys.count', memory.keyCount),
    integer('keys.bytes-per-key', memory.keyCount === 0 ? 0 : Math.floor(memory.usedBytes / memory.keyCount)),
    integer('dataset.bytes', memory.usedBytes),
    double('dataset.percentage', memory.usedBytes === 0 ? 0 : 100),
    double('peak.percentage', memory.peakBytes === 0 ? 0 : (memory.usedBytes * 100) / memory.peakBytes),
    integer('allocator.allocated', memory.heapBytes + memory.externalBytes),
    integer('allocator.active', memory.heapBytes + memory.externalBytes),
    integer('allocator.resident', memory.residentBytes),
    integer('allocator.muzzy', 0),
    double('allocator-fragmentation.ratio', 1),
    integer('allocator-fragmentation.bytes', 0),
    double(
      'allocator-rss.ratio',
      memory.residentBytes / Math.max(1, memory.heapBytes + memory.externalBytes),
    ),
    integer('allocator-rss.bytes', memory.residentBytes - memory.heapBytes - memory.externalBytes),
    double('rss-overhead.ratio', 1),
    integer('rss-overhead.bytes', 0),
    double('fragmentation', memory.residentBytes / Math.max(1, memory.usedBytes)),
    integer('fragmentation.bytes', memory.residentBytes - memory.usedBytes),
  ];
}

export const memoryStats: CommandSpec = {
  name: 'stats',
  arity: 2,
  flags: [],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  docs: {
    summary: "Returns how the server's memory is used.",
    since: '4.0.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    const { reply } = context;
    const memory = measureMemory(context.server);
    const entries = memoryStatEntries(context, memory);
    reply.map(entries.length);
    for (const [name, send] of entries) {
      reply.bulkText(name);
      send();
    }
  },
};
