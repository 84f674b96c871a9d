import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { memberAt, readSortedSet } from './sortedSetLookup.ts';

export const zscore: CommandSpec = {
  name: 'zscore',
  arity: 3,
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the score of a member.',
    since: '1.2.0',
    group: 'sorted-set',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const set = readSortedSet(context, args);
    if (set === null) return;
    const score = set?.score(memberAt(args, 2));
    if (score === undefined) reply.nil();
    else reply.double(score);
  },
};
