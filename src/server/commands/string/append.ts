import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';
import { checkStringLength } from './stringLength.ts';

export const append: CommandSpec = {
  name: 'append',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  keys: oneKey('RW', 'insert'),
  docs: {
    summary: 'Appends bytes to the string at a key, creating it if necessary.',
    since: '2.0.0',
    group: 'string',
    complexity: 'O(N) where N is the number of appended bytes, amortized',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'value', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupWrite(args, 1);
    const addedBytes = args.length(2);
    let length = addedBytes;
    if (ref === 0) {
      db.putString(args, 1, 2, NO_EXPIRY);
    } else {
      if (db.keyspace.type(ref) !== ValueType.string) return reply.error(WRONG_TYPE);
      const lengthBefore = db.keyspace.stringLength(ref);
      length += lengthBefore;
      if (!checkStringLength(context, length)) return;
      // Also where nothing is added: the string becomes raw.
      db.keyspace.resizeString(ref, length);
      db.keyspace.writeString(ref, lengthBefore, args.buffer, args.starts[2]!, args.ends[2]!);
    }
    server.dirty++;
    db.changed(args, 1, EventClass.string, 'append');
    reply.integer(length);
  },
};
