import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { rangeCommand } from './rangeCommand.ts';

export const zrevrange: CommandSpec = {
  name: 'zrevrange',
  arity: -4,
  flags: ['readonly'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the members within a range of places, from the highest score down.',
    since: '1.2.0',
    group: 'sorted-set',
    complexity:
      'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.',
    deprecatedSince: '6.2.0',
    replacedBy: '`ZRANGE` with the `REV` argument',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'start', type: 'integer' },
      { name: 'stop', type: 'integer' },
      { name: 'withscores', type: 'pure-token', token: 'WITHSCORES', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    rangeCommand(context, args, { by: 'place', reversed: true, stores: false });
  },
};
