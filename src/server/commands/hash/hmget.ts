import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { expectBulks } from '../expectedBulks.ts';
import { replyValue } from './fieldReply.ts';
import { liveField, readHash } from './hashLookup.ts';

export const hmget: CommandSpec = {
  name: 'hmget',
  arity: -3,
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the values of several fields of a hash.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields being requested.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'field', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const hash = readHash(context, args);
    if (hash === null) return;
    reply.array(args.count - 2);
    let expected = false;
    for (let i = 2; i < args.count; i++) {
      // When the last field has expired underway the hash is empty and the rest are nil.
      const ref = hash === undefined || hash.length === 0 ? 0 : liveField(context, args, hash, i);
      if (hash === undefined || ref === 0) reply.nil();
      else {
        // As in MGET, the first value stands for all.
        if (!expected) expectBulks(context, args.count - i, hash.valueLength(ref));
        expected = true;
        replyValue(reply, hash, ref);
      }
    }
  },
};
