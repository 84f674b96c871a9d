import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replyValue } from './fieldReply.ts';
import { liveField, readHash } from './hashLookup.ts';

export const hget: CommandSpec = {
  name: 'hget',
  arity: 3,
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the value of a field of a hash.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'field', type: 'string' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const hash = readHash(context, args);
    if (hash === null) return;
    const ref = hash === undefined ? 0 : liveField(context, args, hash, 2);
    if (hash === undefined || ref === 0) reply.nil();
    else replyValue(reply, hash, ref);
  },
};
