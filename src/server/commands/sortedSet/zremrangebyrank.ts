import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { placeRange } from './rangeBounds.ts';
import { removeRange } from './removeRange.ts';

export const zremrangebyrank: CommandSpec = {
  name: 'zremrangebyrank',
  arity: 4,
  flags: ['write'],
  categories: ['sortedset'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Removes the members within a range of places.',
    since: '2.0.0',
    group: 'sorted-set',
    complexity:
      'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'start', type: 'integer' },
      { name: 'stop', type: 'integer' },
    ],
  },
  execute(context, args) {
    const range = placeRange(context, args, 2, 3, false);
    if (range !== undefined) removeRange(context, args, range);
  },
};
