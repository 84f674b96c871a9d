import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { radiusKeys, searchCommand } from './searchCommand.ts';

export const georadiusbymember: CommandSpec = {
  name: 'georadiusbymember',
  arity: -5,
  flags: ['write', 'denyoom'],
  categories: ['geo'],
  keys: [
    keyAt(1, 'RO', 'access'),
    {
      flags: ['OW', 'update'],
      beginSearch: { type: 'keyword', keyword: 'STORE', startFrom: 5 },
      findKeys: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
    {
      flags: ['OW', 'update'],
      beginSearch: { type: 'keyword', keyword: 'STOREDIST', startFrom: 5 },
      findKeys: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'Returns, or stores, the members around another.',
    since: '3.2.0',
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments',
    history: [
      ['6.2.0', 'The option `ANY`.'],
      ['7.0.0', 'Uppercase units are accepted.'],
    ],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string' },
      { name: 'radius', type: 'double' },
      {
        name: 'unit',
        type: 'oneof',
        arguments: [
          { name: 'm', type: 'pure-token', token: 'M' },
          { name: 'km', type: 'pure-token', token: 'KM' },
          { name: 'ft', type: 'pure-token', token: 'FT' },
          { name: 'mi', type: 'pure-token', token: 'MI' },
        ],
      },
      { name: 'withcoord', type: 'pure-token', token: 'WITHCOORD', flags: ['optional'] },
      { name: 'withdist', type: 'pure-token', token: 'WITHDIST', flags: ['optional'] },
      { name: 'withhash', type: 'pure-token', token: 'WITHHASH', flags: ['optional'] },
      {
        name: 'count-block',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'count', type: 'integer', token: 'COUNT' },
          { name: 'any', type: 'pure-token', token: 'ANY', flags: ['optional'] },
        ],
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
      {
        name: 'store',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'storekey', type: 'key', displayText: 'key', keySpecIndex: 1, token: 'STORE' },
          { name: 'storedistkey', type: 'key', displayText: 'key', keySpecIndex: 2, token: 'STOREDIST' },
        ],
      },
    ],
  },
  getKeys: (args) => radiusKeys(args, 5),
  execute: (context, args) =>
    searchCommand(context, args, { kind: 'radius', byMember: true, readOnly: false }),
};
