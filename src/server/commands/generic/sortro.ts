import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { sortKey } from './sortKey.ts';

export const sortRo: CommandSpec = {
  name: 'sort_ro',
  arity: -2,
  flags: ['readonly', 'movablekeys'],
  categories: ['set', 'sortedset', 'list', 'dangerous'],
  keys: [
    ...oneKey('RO', 'access'),
    {
      flags: ['RO', 'access'],
      notes:
        "For the optional BY/GET keyword. It is marked 'unknown' because the key names derive from the content of the key we sort",
      beginSearch: { type: 'unknown' },
      findKeys: { type: 'unknown' },
    },
  ],
  docs: {
    summary: 'Sorts the elements of a list, a set or a sorted set without storing anything.',
    since: '7.0.0',
    group: 'generic',
    complexity:
      'O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. When the elements are not sorted, complexity is O(N).',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'by-pattern',
        type: 'pattern',
        displayText: 'pattern',
        keySpecIndex: 1,
        token: 'BY',
        flags: ['optional'],
      },
      {
        name: 'limit',
        type: 'block',
        token: 'LIMIT',
        flags: ['optional'],
        arguments: [
          { name: 'offset', type: 'integer' },
          { name: 'count', type: 'integer' },
        ],
      },
      {
        name: 'get-pattern',
        type: 'pattern',
        displayText: 'pattern',
        keySpecIndex: 1,
        token: 'GET',
        flags: ['optional', 'multiple', 'multiple_token'],
      },
      {
        name: 'order',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'asc', type: 'pure-token', token: 'ASC' },
          { name: 'desc', type: 'pure-token', token: 'DESC' },
        ],
      },
      { name: 'sorting', type: 'pure-token', token: 'ALPHA', flags: ['optional'] },
    ],
  },
  getKeys: () => [1],
  execute(context, args) {
    sortKey(context, args, true);
  },
};
