import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { ORDER, UNIT, WHAT_TO_SHOW } from './geoDocs.ts';
import { searchCommand } from './searchCommand.ts';

export const georadiusRo: CommandSpec = {
  name: 'georadius_ro',
  arity: -6,
  flags: ['readonly'],
  categories: ['geo'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the members around a position.',
    since: '3.2.10',
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` with the `BYRADIUS` argument',
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
    ],
  },
  execute: (context, args) =>
    searchCommand(context, args, { kind: 'radius', byMember: false, readOnly: true }),
};
