import { dumpEntry } from '../../keyspace/serialization/dumpPayload.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';

export const dump: CommandSpec = {
  name: 'dump',
  arity: 2,
  flags: ['readonly'],
  categories: ['keyspace'],
  keys: oneKey('RO', 'access'),
  tips: ['nondeterministic_output'],
  docs: {
    summary: 'Returns a value in the serialised form that RESTORE takes.',
    since: '2.6.0',
    group: 'generic',
    complexity:
      'O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1).',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupRead(args, 1);
    if (ref === 0) reply.nil();
    else reply.bulk(dumpEntry(db.keyspace, ref, server.configuration.flag('rdbcompression')));
  },
};
