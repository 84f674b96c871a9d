import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { liveField, readHash } from './hashLookup.ts';

export const hexists: CommandSpec = {
  name: 'hexists',
  arity: 3,
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Tells whether a hash has a field.',
    since: '2.0.0',
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
    context.reply.integer(hash !== undefined && liveField(context, args, hash, 2) !== 0 ? 1 : 0);
  },
};
