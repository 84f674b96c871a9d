import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { memberAt, readSortedSet } from './sortedSetLookup.ts';

export const zmscore: CommandSpec = {
  name: 'zmscore',
  arity: -3,
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the scores of several members.',
    since: '6.2.0',
    group: 'sorted-set',
    complexity: 'O(N) where N is the number of members being requested.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const set = readSortedSet(context, args);
    if (set === null) return;
    reply.array(args.count - 2);
    for (let i = 2; i < args.count; i++) {
      const score = set?.score(memberAt(args, i));
      if (score === undefined) reply.nil();
      else reply.double(score);
    }
  },
};
