import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { ORDER, STORE, UNIT, WHAT_TO_SHOW } from './geoDocs.ts';
import { radiusKeys, searchCommand } from './searchCommand.ts';

export const georadius: CommandSpec = {
  name: 'georadius',
  arity: -6,
  flags: ['write', 'denyoom'],
  categories: ['geo'],
  keys: [
    keyAt(1, 'RO', 'access'),
    {
      flags: ['OW', 'update'],
      beginSearch: { type: 'keyword', keyword: 'STORE', startFrom: 6 },
      findKeys: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
    {
      flags: ['OW', 'update'],
      beginSearch: { type: 'keyword', keyword: 'STOREDIST', startFrom: 6 },
      findKeys: { type: 'range', lastKey: 0, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'Returns, or stores, the members around a position.',
    since: '3.2.0',
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument',
    history: [
      ['6.2.0', 'The option `ANY`.'],
      ['7.0.0', 'Uppercase units are accepted.'],
    ],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'longitude', type: 'double' },
      { name: 'latitude', type: 'double' },
      { name: 'radius', type: 'double' },
      UNIT,
      ...WHAT_TO_SHOW,
      {
        name: 'count-block',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'count', type: 'integer', token: 'COUNT' },
          { name: 'any', type: 'pure-token', token: 'ANY', since: '6.2.0', flags: ['optional'] },
        ],
      },
      ORDER,
      STORE,
    ],
  },
  getKeys: (args) => radiusKeys(args, 6),
  execute: (context, args) =>
    searchCommand(context, args, { kind: 'radius', byMember: false, readOnly: false }),
};
