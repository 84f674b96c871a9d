import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readSortedSet } from '../sortedSet/sortedSetLookup.ts';
import { memberPosition } from './geoArguments.ts';
import { geohashText } from './geohash.ts';

export const geohash: CommandSpec = {
  name: 'geohash',
  arity: -2,
  flags: ['readonly'],
  categories: ['geo'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the geohashes of members as texts.',
    since: '3.2.0',
    group: 'geo',
    complexity: 'O(1) for each member requested.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string', flags: ['optional', 'multiple'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const set = readSortedSet(context, args);
    if (set === null) return;
    reply.array(args.count - 2);
    for (let i = 2; i < args.count; i++) {
      const position = memberPosition(set, args, i);
      if (position === undefined) reply.nil();
      else reply.bulkText(geohashText(position));
    }
  },
};
