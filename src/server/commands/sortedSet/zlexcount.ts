import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { memberRange, NOT_A_MEMBER_RANGE } from './rangeBounds.ts';
import { readSortedSet } from './sortedSetLookup.ts';

export const zlexcount: CommandSpec = {
  name: 'zlexcount',
  arity: 4,
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Counts the members that lie within a range of the order of bytes.',
    since: '2.8.9',
    group: 'sorted-set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'min', type: 'string' },
      { name: 'max', type: 'string' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const range = memberRange(args, 2, 3);
    if (range === undefined) return reply.error(NOT_A_MEMBER_RANGE);
    const set = readSortedSet(context, args);
    if (set === null) return;
    if (set === undefined) return reply.integer(0);
    const { from, to } = range(set);
    reply.integer(Math.max(to - from, 0));
  },
};
