import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

export const moduleHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: [],
  keys: [],
  docs: { summary: 'Lists the subcommands of MODULE.', since: '5.0.0', group: 'server', complexity: 'O(1)' },
  execute(context) {
    sendHelp(context.reply, 'MODULE', ['LIST', '    The loaded modules; there are none.']);
  },
};
