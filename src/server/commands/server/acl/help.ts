import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

const LINES = [
  'CAT [<category>]',
  '    Categories, or the commands of one.',
  'GENPASS [<bits>]',
  '    A random password, of 256 bits if not said otherwise.',
  'LIST',
  '    Users with their rules.',
  'USERS',
  '    Names of users.',
  'WHOAMI',
  '    User of this connection.',
];

export const aclHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: { summary: 'Lists the subcommands of ACL.', since: '6.0.0', group: 'server', complexity: 'O(1)' },
  execute(context) {
    sendHelp(context.reply, 'ACL', LINES);
  },
};
