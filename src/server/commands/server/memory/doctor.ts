import type { CommandSpec } from '../../command.ts';
import type { MemoryMeasures } from '../info/memoryMeasures.ts';
import { measureMemory } from '../info/memoryMeasures.ts';

/** Below this, ratios say more about the engine than about the data. */
const USED_BYTES_MIN = 5 * 1024 * 1024;
const PEAK_RATIO_MAX = 1.5;
const FRAGMENTATION_RATIO_MAX = 1.4;
/** What the process takes before any key: about 50 MB of engine and code. */
const ENGINE_BYTES = 50 * 1024 * 1024;

function examine(memory: MemoryMeasures): string {
  if (memory.usedBytes < USED_BYTES_MIN) {
    return 'This instance holds very little data: nothing can be said about its memory yet.\n';
  }
  const findings: string[] = [];
  if (memory.peakBytes > memory.usedBytes * PEAK_RATIO_MAX) {
    findings.push(
      `Peak: the data once took ${(memory.peakBytes / memory.usedBytes).toFixed(2)} times what they take now, so resident memory may stay high until the allocator reuses it.`,
    );
  }
  if (memory.residentBytes > (memory.usedBytes + ENGINE_BYTES) * FRAGMENTATION_RATIO_MAX) {
    findings.push(
      `Overhead: resident memory is ${(memory.residentBytes / memory.usedBytes).toFixed(2)} times the memory charged to data; see MEMORY MALLOC-STATS for where it is.`,
    );
  }
  if (findings.length === 0) return 'No memory problem was found.\n';
  return `${findings.map((finding) => ` * ${finding}\n`).join('')}`;
}

export const memoryDoctor: CommandSpec = {
  name: 'doctor',
  arity: 2,
  flags: [],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special'],
  docs: {
    summary: "Reports problems with the server's memory.",
    since: '4.0.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.verbatim(examine(measureMemory(context.server)), 'txt');
  },
};
