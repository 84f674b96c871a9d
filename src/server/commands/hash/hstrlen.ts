import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { liveField, readHash } from './hashLookup.ts';

export const hstrlen: CommandSpec = {
  name: 'hstrlen',
  arity: 3,
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Returns the length of the value of a field, in bytes.',
    since: '3.2.0',
    group: 'hash',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'field', type: 'string' },
    ],
  },
  execute(context, args) {
    const hash = readHash(context, args);
    if (hash === null) return;
    const ref = hash === undefined ? 0 : liveField(context, args, hash, 2);
    context.reply.integer(hash === undefined || ref === 0 ? 0 : hash.valueLength(ref));
  },
};
