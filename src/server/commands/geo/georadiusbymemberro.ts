import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { COUNT, ORDER, UNIT, WHAT_TO_SHOW } from './geoDocs.ts';
import { searchCommand } from './searchCommand.ts';

export const georadiusbymemberRo: CommandSpec = {
  name: 'georadiusbymember_ro',
  arity: -5,
  flags: ['readonly'],
  categories: ['geo'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the members around another.',
    since: '3.2.10',
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.',
    deprecatedSince: '6.2.0',
    replacedBy: '`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments',
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
    ],
  },
  execute: (context, args) =>
    searchCommand(context, args, { kind: 'radius', byMember: true, readOnly: true }),
};
