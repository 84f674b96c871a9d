import type { CommandSpec } from '../command.ts';
import { memoryDoctor } from './memory/doctor.ts';
import { memoryHelp } from './memory/help.ts';
import { memoryMallocStats } from './memory/mallocStats.ts';
import { memoryPurge } from './memory/purge.ts';
import { memoryStats } from './memory/stats.ts';
import { memoryUsage } from './memory/usage.ts';

export const memory: CommandSpec = {
  name: 'memory',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about memory.',
    since: '4.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [memoryDoctor, memoryHelp, memoryMallocStats, memoryPurge, memoryStats, memoryUsage],
};
