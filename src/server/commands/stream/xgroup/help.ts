import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../../server/helpReply.ts';

const LINES = [
  'CREATE <key> <groupname> <id|$> [option]',
  '    Add a group. Options are:',
  '    * MKSTREAM',
  '      Make an empty stream if there is none.',
  '    * ENTRIESREAD entries_read',
  '      How many entries the group counts as having read.',
  'CREATECONSUMER <key> <groupname> <consumer>',
  '    Add a consumer to a group.',
  'DELCONSUMER <key> <groupname> <consumer>',
  '    Remove a consumer with what it has pending.',
  'DESTROY <key> <groupname>',
  '    Remove a group.',
  'SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]',
  '    Set how far a group has read.',
];

export const xgroupHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: ['stream'],
  keys: [],
  docs: {
    summary: 'Shows what XGROUP can do.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
  },
  execute({ reply }) {
    sendHelp(reply, 'XGROUP', LINES);
  },
};
