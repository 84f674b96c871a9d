import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { popMembers } from './popMembers.ts';

export const zpopmin: CommandSpec = {
  name: 'zpopmin',
  arity: -2,
  flags: ['write', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RW', 'access', 'delete'),
  docs: {
    summary: 'Takes the members with the lowest scores and returns them.',
    since: '5.0.0',
    group: 'sorted-set',
    complexity:
      'O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'count', type: 'integer', flags: ['optional'] },
    ],
  },
  execute: (context, args) => popMembers(context, args, false),
};
