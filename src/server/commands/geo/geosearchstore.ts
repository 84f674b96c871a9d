import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { AREA, COUNT, ORDER } from './geoDocs.ts';
import { searchCommand } from './searchCommand.ts';

export const geosearchstore: CommandSpec = {
  name: 'geosearchstore',
  arity: -8,
  flags: ['write', 'denyoom'],
  categories: ['geo'],
  keys: [keyAt(1, 'OW', 'update'), keyAt(2, 'RO', 'access')],
  docs: {
    summary: 'Stores the members within a circle or a box.',
    since: '6.2.0',
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape',
    history: [['7.0.0', 'Uppercase units are accepted.']],
    arguments: [
      { name: 'destination', type: 'key', keySpecIndex: 0 },
      { name: 'source', type: 'key', keySpecIndex: 1 },
      ...AREA,
      ORDER,
      COUNT,
      { name: 'storedist', type: 'pure-token', token: 'STOREDIST', flags: ['optional'] },
    ],
  },
  execute: (context, args) => searchCommand(context, args, { kind: 'searchStore' }),
};
