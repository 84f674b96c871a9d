import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replyRank } from './replyRank.ts';

export const zrevrank: CommandSpec = {
  name: 'zrevrank',
  arity: -3,
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the place of a member, from the highest score on.',
    since: '2.0.0',
    group: 'sorted-set',
    complexity: 'O(log(N))',
    history: [['7.2.0', 'The option `WITHSCORE`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string' },
      { name: 'withscore', type: 'pure-token', token: 'WITHSCORE', flags: ['optional'] },
    ],
  },
  execute: (context, args) => replyRank(context, args, true),
};
