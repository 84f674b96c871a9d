import { fromLatin1 } from '../../../base/bytes.ts';
import { Arguments } from '../arguments.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { addMembers } from '../sortedSet/addMembers.ts';
import { readPosition } from './geoArguments.ts';
import { scoreOf } from './geohash.ts';

const OPTIONS = ['NX', 'XX', 'CH'];

export const geoadd: CommandSpec = {
  name: 'geoadd',
  arity: -5,
  flags: ['write', 'denyoom'],
  categories: ['geo'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Adds members at positions on earth to a sorted set.',
    since: '3.2.0',
    group: 'geo',
    complexity: 'O(log(N)) for each item added, where N is the number of elements in the sorted set.',
    history: [['6.2.0', 'The options `CH`, `NX` and `XX`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'condition',
        type: 'oneof',
        since: '6.2.0',
        flags: ['optional'],
        arguments: [
          { name: 'nx', type: 'pure-token', token: 'NX' },
          { name: 'xx', type: 'pure-token', token: 'XX' },
        ],
      },
      { name: 'change', type: 'pure-token', token: 'CH', since: '6.2.0', flags: ['optional'] },
      {
        name: 'data',
        type: 'block',
        flags: ['multiple'],
        arguments: [
          { name: 'longitude', type: 'double' },
          { name: 'latitude', type: 'double' },
          { name: 'member', type: 'string' },
        ],
      },
    ],
  },
  execute(context, args) {
    let first = 2;
    while (first < args.count && OPTIONS.some((word) => args.is(first, word))) first++;
    const given = (word: string): boolean =>
      Array.from({ length: first - 2 }, (_, i) => i + 2).some((i) => args.is(i, word));
    if ((args.count - first) % 3 !== 0 || (given('NX') && given('XX')))
      return context.reply.error(SYNTAX_ERROR);
    const words = Array.from({ length: first }, (_, i) => args.view(i));
    for (let i = first; i < args.count; i += 3) {
      const position = readPosition(context, args, i);
      if (position === undefined) return;
      words.push(fromLatin1(String(scoreOf(position))), args.view(i + 2));
    }
    addMembers(context, Arguments.of(words), false);
  },
};
