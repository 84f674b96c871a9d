import type { CommandSpec } from '../../command.ts';
import { sendHelp } from '../../server/helpReply.ts';

const LINES = [
  'CONSUMERS <key> <groupname>',
  '    The consumers of a group.',
  'GROUPS <key>',
  '    The groups of a stream.',
  'STREAM <key> [FULL [COUNT <count>]]',
  '    The stream itself.',
];

export const xinfoHelp: CommandSpec = {
  name: 'help',
  arity: 2,
  flags: ['loading', 'stale'],
  categories: ['stream'],
  keys: [],
  docs: {
    summary: 'Shows what XINFO can do.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
  },
  execute({ reply }) {
    sendHelp(reply, 'XINFO', LINES);
  },
};
