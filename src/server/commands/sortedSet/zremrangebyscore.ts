import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_A_SCORE_RANGE, scoreRange } from './rangeBounds.ts';
import { removeRange } from './removeRange.ts';

export const zremrangebyscore: CommandSpec = {
  name: 'zremrangebyscore',
  arity: 4,
  flags: ['write'],
  categories: ['sortedset'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Removes the members within a range of scores.',
    since: '1.2.0',
    group: 'sorted-set',
    complexity:
      'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'min', type: 'double' },
      { name: 'max', type: 'double' },
    ],
  },
  execute(context, args) {
    const range = scoreRange(args, 2, 3);
    if (range === undefined) context.reply.error(NOT_A_SCORE_RANGE);
    else removeRange(context, args, range);
  },
};
