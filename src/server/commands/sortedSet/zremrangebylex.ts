import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { memberRange, NOT_A_MEMBER_RANGE } from './rangeBounds.ts';
import { removeRange } from './removeRange.ts';

export const zremrangebylex: CommandSpec = {
  name: 'zremrangebylex',
  arity: 4,
  flags: ['write'],
  categories: ['sortedset'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Removes the members within a range of the order of bytes.',
    since: '2.8.9',
    group: 'sorted-set',
    complexity:
      'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'min', type: 'string' },
      { name: 'max', type: 'string' },
    ],
  },
  execute(context, args) {
    const range = memberRange(args, 2, 3);
    if (range === undefined) context.reply.error(NOT_A_MEMBER_RANGE);
    else removeRange(context, args, range);
  },
};
