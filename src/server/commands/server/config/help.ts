import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

const LINES = [
  'GET <pattern> [<pattern> ...]',
  '    Parameters that match, with their values.',
  'SET <directive> <value> [<directive> <value> ...]',
  '    Change parameters, all of them or none.',
  'RESETSTAT',
  '    Set the statistics of INFO to zero.',
  'REWRITE',
  '    Write the parameters in force to the configuration file.',
];

export const configHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: [],
  keys: [],
  docs: { summary: 'Lists the subcommands of CONFIG.', since: '5.0.0', group: 'server', complexity: 'O(1)' },
  execute(context) {
    sendHelp(context.reply, 'CONFIG', LINES);
  },
};
