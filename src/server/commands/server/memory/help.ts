import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

const LINES = [
  'DOCTOR',
  '    Report problems.',
  'MALLOC-STATS',
  '    Statistics of the allocator.',
  'PURGE',
  '    Give unused memory back; the engine does that by itself.',
  'STATS',
  '    Use of memory.',
  'USAGE <key> [SAMPLES <count>]',
  '    Bytes taken by a key and its value.',
];

export const memoryHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: [],
  keys: [],
  docs: { summary: 'Lists the subcommands of MEMORY.', since: '4.0.0', group: 'server', complexity: 'O(1)' },
  execute(context) {
    sendHelp(context.reply, 'MEMORY', LINES);
  },
};
