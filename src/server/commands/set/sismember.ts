import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { memberAt, readSet } from './setLookup.ts';

export const sismember: CommandSpec = {
  name: 'sismember',
  arity: 3,
  flags: ['readonly', 'fast'],
  categories: ['set'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Tells whether a set has a member.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string' },
    ],
  },
  execute(context, args) {
    const set = readSet(context, args);
    if (set !== null) context.reply.integer(set?.has(memberAt(args, 2)) === true ? 1 : 0);
  },
};
