import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../../server/helpReply.ts';

const LINES = [
  'DEBUG (YES|SYNC|NO)',
  '    There is no debugger: only NO is accepted.',
  'EXISTS <sha1> [<sha1> ...]',
  '    Whether the server knows scripts by these digests.',
  'FLUSH [ASYNC|SYNC]',
  '    Forget all scripts.',
  'KILL',
  '    End the script that runs, unless it has written.',
  'LOAD <script>',
  '    Remember a script without running it.',
];

export const scriptHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: ['scripting'],
  keys: [],
  docs: {
    summary: 'Lists the subcommands of SCRIPT.',
    since: '5.0.0',
    group: 'scripting',
    complexity: 'O(1)',
  },
  execute(context) {
    sendHelp(context.reply, 'SCRIPT', LINES);
  },
};
