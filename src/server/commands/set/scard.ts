import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readSet } from './setLookup.ts';

export const scard: CommandSpec = {
  name: 'scard',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['set'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Counts the members of a set.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const set = readSet(context, args);
    if (set !== null) context.reply.integer(set?.length ?? 0);
  },
};
