import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readSortedSet } from './sortedSetLookup.ts';

export const zcard: CommandSpec = {
  name: 'zcard',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['sortedset'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Counts the members of a sorted set.',
    since: '1.2.0',
    group: 'sorted-set',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const set = readSortedSet(context, args);
    if (set !== null) context.reply.integer(set?.length ?? 0);
  },
};
