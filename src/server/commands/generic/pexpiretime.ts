import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replyExpiry } from './replyExpiry.ts';

export const pexpiretime: CommandSpec = {
  name: 'pexpiretime',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['keyspace'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the millisecond of Unix time at which a key expires.',
    since: '7.0.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    replyExpiry(context, args, 0, 1);
  },
};
