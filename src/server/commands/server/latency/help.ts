import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

const LINES = [
  'DOCTOR',
  '    Report in words.',
  'GRAPH <event>',
  '    Events of one kind as a drawing.',
  'HISTORY <event>',
  '    Events of one kind.',
  'LATEST',
  '    The latest event of each kind.',
  'RESET [<event> ...]',
  '    Forget events of some kinds, or all.',
  'HISTOGRAM [<command> ...]',
  '    Distribution of execution times, of some commands or all.',
];

export const latencyHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Lists the subcommands of LATENCY.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    sendHelp(context.reply, 'LATENCY', LINES);
  },
};
