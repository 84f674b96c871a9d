import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readSet } from './setLookup.ts';

export const smembers: CommandSpec = {
  name: 'smembers',
  arity: 2,
  flags: ['readonly'],
  categories: ['set'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output_order'],
  docs: {
    summary: 'Returns all members of a set.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the set cardinality.',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { reply } = context;
    const set = readSet(context, args);
    if (set === null) return;
    reply.set(set?.length ?? 0);
    set?.replyAll(reply);
  },
};
