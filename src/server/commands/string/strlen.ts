import { ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

export const strlen: CommandSpec = {
  name: 'strlen',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['string'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Returns the length of the string at a key.',
    since: '2.2.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, reply } = context;
    const ref = db.lookupRead(args, 1);
    if (ref === 0) reply.integer(0);
    else if (db.keyspace.type(ref) !== ValueType.string) reply.error(WRONG_TYPE);
    else reply.integer(db.keyspace.stringLength(ref));
  },
};
