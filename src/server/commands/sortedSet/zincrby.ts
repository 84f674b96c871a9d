import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { addMembers } from './addMembers.ts';

export const zincrby: CommandSpec = {
  name: 'zincrby',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Adds to the score of a member.',
    since: '1.2.0',
    group: 'sorted-set',
    complexity: 'O(log(N)) where N is the number of elements in the sorted set.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'increment', type: 'integer' },
      { name: 'member', type: 'string' },
    ],
  },
  execute: (context, args) => addMembers(context, args, true),
};
