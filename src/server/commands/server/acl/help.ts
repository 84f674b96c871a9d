import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../helpReply.ts';

const LINES = [
  'CAT [<category>]',
  '    Categories, or the commands of one.',
  'DELUSER <username> [<username> ...]',
  '    Deletes users and closes their connections.',
  'DRYRUN <username> <command> [<arg> ...]',
  '    Whether the user might run the command.',
  'GENPASS [<bits>]',
  '    A random password, of 256 bits if not said otherwise.',
  'GETUSER <username>',
  '    What is known of a user.',
  'LIST',
  '    Users with their rules.',
  'LOAD',
  '    Takes the users of the ACL file.',
  'LOG [<count> | RESET]',
  '    What was refused.',
  'SAVE',
  '    Writes the users to the ACL file.',
  'SETUSER <username> <rule> [<rule> ...]',
  '    Makes or changes a user.',
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
