import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../../server/helpReply.ts';

const LINES = [
  'LOAD [REPLACE] <FUNCTION CODE>',
  '    Make a library of its code.',
  'DELETE <LIBRARY NAME>',
  '    Delete a library with its functions.',
  'LIST [LIBRARYNAME PATTERN] [WITHCODE]',
  '    Libraries with their functions, and their code if asked for.',
  'STATS',
  '    The function that runs, and what the engine holds.',
  'KILL',
  '    End the function that runs, unless it has written.',
  'FLUSH [ASYNC|SYNC]',
  '    Delete all libraries.',
  'DUMP',
  '    All libraries as one payload for RESTORE.',
  'RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]',
  '    Make libraries of a payload. Those that are there are deleted first (FLUSH), must not be in the payload',
  '    (APPEND, if nothing is said), or give way to it (REPLACE).',
];

export const functionHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: ['scripting'],
  keys: [],
  docs: {
    summary: 'Lists the subcommands of FUNCTION.',
    since: '7.0.0',
    group: 'scripting',
    complexity: 'O(1)',
  },
  execute(context) {
    sendHelp(context.reply, 'FUNCTION', LINES);
  },
};
