import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readHash } from './hashLookup.ts';

export const hlen: CommandSpec = {
  name: 'hlen',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Returns the number of fields of a hash.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    // Fields that have expired and are not yet removed count, as in Redis.
    const hash = readHash(context, args);
    if (hash !== null) context.reply.integer(hash === undefined ? 0 : hash.length);
  },
};
