import type { CommandSpec } from '../command.ts';
import { blockingPop } from './popMembers.ts';

export const bzpopmin: CommandSpec = {
  name: 'bzpopmin',
  arity: -3,
  flags: ['write', 'fast', 'blocking'],
  categories: ['sortedset'],
  keys: [
    {
      flags: ['RW', 'access', 'delete'],
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'range', lastKey: -2, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'As ZPOPMIN, but waits until one of several sorted sets has a member.',
    since: '5.0.0',
    group: 'sorted-set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    history: [['6.0.0', 'The time limit may have a fraction.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      { name: 'timeout', type: 'double' },
    ],
  },
  execute: (context, args) => blockingPop(context, args, false),
};
