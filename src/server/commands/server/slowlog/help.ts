import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

const LINES = [
  'GET [<count>]',
  '    The latest slow commands, 10 if not said otherwise, -1 for all:',
  '    id, timestamp, microseconds, arguments, client address, client name.',
  'LEN',
  '    Number of entries.',
  'RESET',
  '    Forget all entries.',
];

export const slowlogHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: [],
  keys: [],
  docs: { summary: 'Lists the subcommands of SLOWLOG.', since: '6.2.0', group: 'server', complexity: 'O(1)' },
  execute(context) {
    sendHelp(context.reply, 'SLOWLOG', LINES);
  },
};
