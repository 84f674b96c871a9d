import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readSortedSet } from '../sortedSet/sortedSetLookup.ts';
import { memberPosition, readUnit, replyDistance } from './geoArguments.ts';
import { distanceM } from './geohash.ts';

export const geodist: CommandSpec = {
  name: 'geodist',
  arity: -4,
  flags: ['readonly'],
  categories: ['geo'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the distance between two members.',
    since: '3.2.0',
    group: 'geo',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member1', type: 'string' },
      { name: 'member2', type: 'string' },
      {
        name: 'unit',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'm', type: 'pure-token', token: 'M' },
          { name: 'km', type: 'pure-token', token: 'KM' },
          { name: 'ft', type: 'pure-token', token: 'FT' },
          { name: 'mi', type: 'pure-token', token: 'MI' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.count > 5) return reply.error(SYNTAX_ERROR);
    const unitM = args.count === 5 ? readUnit(context, args, 4) : 1;
    if (unitM === undefined) return;
    const set = readSortedSet(context, args);
    if (set === null) return;
    const [a, b] = [memberPosition(set, args, 2), memberPosition(set, args, 3)];
    if (a === undefined || b === undefined) reply.nil();
    else replyDistance(reply, distanceM(a, b) / unitM);
  },
};
