import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

const LINES = [
  '(no subcommand)',
  '    Describe all commands.',
  'COUNT',
  '    Number of commands.',
  'LIST [FILTERBY (MODULE <name>|ACLCAT <category>|PATTERN <pattern>)]',
  '    Names of the commands.',
  'INFO [<command-name> ...]',
  '    Describe the commands named, or all.',
  'DOCS [<command-name> ...]',
  '    Document the commands named, or all.',
  'GETKEYS <full-command>',
  '    The keys in a command.',
  'GETKEYSANDFLAGS <full-command>',
  '    The keys in a command and what it does to them.',
];

export const commandHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: { summary: 'Lists the subcommands of COMMAND.', since: '5.0.0', group: 'server', complexity: 'O(1)' },
  execute(context) {
    sendHelp(context.reply, 'COMMAND', LINES);
  },
};
