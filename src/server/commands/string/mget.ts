import { ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { allKeys } from '../command.ts';
import { expectBulks } from '../expectedBulks.ts';

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
    let expected = false;
    for (let index = 1; index < args.count; index++) {
      const ref = db.lookupRead(args, index);
      if (ref === 0 || db.keyspace.type(ref) !== ValueType.string) reply.nil();
      else {
        // The first value stands for all: what the others really are shows only as they are looked up.
        if (!expected) expectBulks(context, args.count - index, db.keyspace.stringLength(ref));
        expected = true;
        reply.bulkEntry(db.keyspace, ref);
      }
    }
  },
};
