import type { CommandSpec } from '../../command.ts';
import { measureMemory } from '../info/memoryMeasures.ts';

export const memoryMallocStats: CommandSpec = {
  name: 'malloc-stats',
  arity: 2,
  flags: [],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  docs: {
    summary: "Returns the allocator's own statistics.",
    since: '4.0.0',
    group: 'server',
    complexity: 'Depends on how much memory is allocated, could be slow',
  },
  execute(context) {
    const memory = measureMemory(context.server);
    const lines = [
      '___ Begin memory statistics of the JavaScript engine ___',
      `resident: ${memory.residentBytes}`,
      `heap in use: ${memory.heapBytes}`,
      `outside the heap: ${memory.externalBytes}`,
      `reserved by key storage: ${memory.storageReservedBytes}`,
      `charged to keys and values: ${memory.usedBytes}`,
      '--- End memory statistics ---',
    ];
    context.reply.verbatim(`${lines.join('\n')}\n`, 'txt');
  },
};
