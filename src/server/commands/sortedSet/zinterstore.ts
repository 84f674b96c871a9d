import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { storeCombined } from './combineSortedSets.ts';

export const zinterstore: CommandSpec = {
  name: 'zinterstore',
  arity: -4,
  flags: ['write', 'denyoom'],
  categories: ['sortedset'],
  keys: [
    keyAt(1, 'OW', 'update'),
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Stores the members that several sorted sets share, with combined scores.',
    since: '2.0.0',
    group: 'sorted-set',
    complexity:
      'O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.',
    arguments: [
      { name: 'destination', type: 'key', keySpecIndex: 0 },
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 1, flags: ['multiple'] },
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
    ],
  },
  execute: (context, args) => storeCombined(context, args, 'inter'),
};
