import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { COUNT, ORDER, STORE, UNIT, WHAT_TO_SHOW } from './geoDocs.ts';
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
      UNIT,
      ...WHAT_TO_SHOW,
      COUNT,
      ORDER,
      STORE,
    ],
  },
  getKeys: (args) => radiusKeys(args, 5),
  execute: (context, args) =>
    searchCommand(context, args, { kind: 'radius', byMember: true, readOnly: false }),
};
