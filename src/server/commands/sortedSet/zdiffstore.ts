import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { storeCombined } from './combineSortedSets.ts';

export const zdiffstore: CommandSpec = {
  name: 'zdiffstore',
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
    summary: 'Stores the members of a sorted set that several others do not have.',
    since: '6.2.0',
    group: 'sorted-set',
    complexity:
      'O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.',
    arguments: [
      { name: 'destination', type: 'key', keySpecIndex: 0 },
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 1, flags: ['multiple'] },
    ],
  },
  execute: (context, args) => storeCombined(context, args, 'diff'),
};
