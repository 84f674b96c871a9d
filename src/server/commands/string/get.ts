import { ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

export const get: CommandSpec = {
  name: 'get',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['string'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the string stored at a key.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, reply } = context;
    const ref = db.lookupRead(args, 1);
    if (ref === 0) reply.nil();
    else if (db.keyspace.type(ref) !== ValueType.string) reply.error(WRONG_TYPE);
    else reply.bulkEntry(db.keyspace, ref);
  },
};
