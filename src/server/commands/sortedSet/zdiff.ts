import type { CommandSpec } from '../command.ts';
import { answerCombined } from './combineSortedSets.ts';

export const zdiff: CommandSpec = {
  name: 'zdiff',
  arity: -3,
  flags: ['readonly'],
  categories: ['sortedset'],
  keys: [
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Returns the members of a sorted set that several others do not have.',
    since: '6.2.0',
    group: 'sorted-set',
    complexity:
      'O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.',
    arguments: [
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      { name: 'withscores', type: 'pure-token', token: 'WITHSCORES', flags: ['optional'] },
    ],
  },
  execute: (context, args) => answerCombined(context, args, 'diff'),
};
