import { ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';

export const mget: CommandSpec = {
  name: 'mget',
  arity: -2,
  flags: ['readonly', 'fast'],
  categories: ['string'],
  keys: allKeys('RO', 'access'),
  tips: ['request_policy:multi_shard'],
  docs: {
    summary: 'Returns the strings at several keys.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(N) where N is the number of keys',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] }],
  },
  execute(context, args) {
    const { db, reply } = context;
    reply.array(args.count - 1);
    for (let index = 1; index < args.count; index++) {
      const ref = db.lookupRead(args, index);
      if (ref === 0 || db.keyspace.type(ref) !== ValueType.string) reply.nil();
      else reply.bulkEntry(db.keyspace, ref);
    }
  },
};
