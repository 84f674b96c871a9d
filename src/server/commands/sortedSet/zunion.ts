import type { CommandSpec } from '../command.ts';
import { answerCombined } from './combineSortedSets.ts';

export const zunion: CommandSpec = {
  name: 'zunion',
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
    summary: 'Returns the members of any of several sorted sets, with combined scores.',
    since: '6.2.0',
    group: 'sorted-set',
    complexity:
      'O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.',
    arguments: [
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      { name: 'weight', type: 'integer', token: 'WEIGHTS', flags: ['optional', 'multiple'] },
      {
        name: 'aggregate',
        type: 'oneof',
        token: 'AGGREGATE',
        flags: ['optional'],
        arguments: [
          { name: 'sum', type: 'pure-token', token: 'SUM' },
          { name: 'min', type: 'pure-token', token: 'MIN' },
          { name: 'max', type: 'pure-token', token: 'MAX' },
        ],
      },
      { name: 'withscores', type: 'pure-token', token: 'WITHSCORES', flags: ['optional'] },
    ],
  },
  execute: (context, args) => answerCombined(context, args, 'union'),
};
