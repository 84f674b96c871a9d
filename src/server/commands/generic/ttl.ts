import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replyExpiry } from './replyExpiry.ts';

export const ttl: CommandSpec = {
  name: 'ttl',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns how many seconds a key has left to live.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    history: [['2.8.0', 'Added the -2 reply.']],
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    replyExpiry(context, args, context.nowMs, 1000);
  },
};
