import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_A_SCORE_RANGE, scoreRange } from './rangeBounds.ts';
import { readSortedSet } from './sortedSetLookup.ts';

export const zcount: CommandSpec = {
  name: 'zcount',
  arity: 4,
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Counts the members whose scores lie within a range.',
    since: '2.0.0',
    group: 'sorted-set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'min', type: 'double' },
      { name: 'max', type: 'double' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const range = scoreRange(args, 2, 3);
    if (range === undefined) return reply.error(NOT_A_SCORE_RANGE);
    const set = readSortedSet(context, args);
    if (set === null) return;
    if (set === undefined) return reply.integer(0);
    const { from, to } = range(set);
    reply.integer(Math.max(to - from, 0));
  },
};
