import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { AREA, COUNT, ORDER, WHAT_TO_SHOW } from './geoDocs.ts';
import { searchCommand } from './searchCommand.ts';

export const geosearch: CommandSpec = {
  name: 'geosearch',
  arity: -7,
  flags: ['readonly'],
  categories: ['geo'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the members within a circle or a box.',
    since: '6.2.0',
    group: 'geo',
    complexity:
      'O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape',
    history: [['7.0.0', 'Uppercase units are accepted.']],
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }, ...AREA, ORDER, COUNT, ...WHAT_TO_SHOW],
  },
  execute: (context, args) => searchCommand(context, args, { kind: 'search' }),
};
