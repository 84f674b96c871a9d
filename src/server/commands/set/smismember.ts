import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { memberAt, readSet } from './setLookup.ts';

export const smismember: CommandSpec = {
  name: 'smismember',
  arity: -3,
  flags: ['readonly', 'fast'],
  categories: ['set'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Tells of several values whether each is a member of a set.',
    since: '6.2.0',
    group: 'set',
    complexity: 'O(N) where N is the number of elements being checked for membership',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const set = readSet(context, args);
    if (set === null) return;
    reply.array(args.count - 2);
    for (let i = 2; i < args.count; i++) reply.integer(set?.has(memberAt(args, i)) === true ? 1 : 0);
  },
};
