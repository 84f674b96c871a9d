import type { CommandSpec } from '../command.ts';
import { answerSharedCount } from './combineSortedSets.ts';

export const zintercard: CommandSpec = {
  name: 'zintercard',
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
    summary: 'Counts the members that several sorted sets share.',
    since: '7.0.0',
    group: 'sorted-set',
    complexity:
      'O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.',
    arguments: [
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      { name: 'limit', type: 'integer', token: 'LIMIT', flags: ['optional'] },
    ],
  },
  execute: (context, args) => answerSharedCount(context, args),
};
