import { fromLatin1 } from '../../../base/bytes.ts';
import {
  addLongDouble,
  formatLongDouble,
  LONG_DOUBLE_ZERO,
  type LongDouble,
  parseLongDouble,
} from '../../../base/longDouble.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_A_FLOAT, WRONG_TYPE } from '../errors.ts';

export const incrbyfloat: CommandSpec = {
  name: 'incrbyfloat',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Adds a decimal number to the number at a key, which counts as 0 if it does not exist.',
    since: '2.6.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'increment', type: 'double' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupWrite(args, 1);
    let value: LongDouble | undefined = LONG_DOUBLE_ZERO;
    if (ref !== 0) {
      if (db.keyspace.type(ref) !== ValueType.string) return reply.error(WRONG_TYPE);
      value = parseLongDouble(db.keyspace.stringView(ref), 0, db.keyspace.stringLength(ref));
    }
    const increment = parseLongDouble(args.buffer, args.starts[2]!, args.ends[2]!);
    if (value === undefined || increment === undefined) return reply.error(NOT_A_FLOAT);
    const sum = addLongDouble(value, increment);
    if (sum.kind !== 'finite') return reply.error('ERR increment would produce NaN or Infinity');
    const bytes = fromLatin1(formatLongDouble(sum));
    if (ref === 0) db.putBytes(args, 1, bytes, NO_EXPIRY);
    else db.keyspace.replaceString(ref, bytes, 0, bytes.length, false);
    server.dirty++;
    db.changed(args, 1, EventClass.string, 'incrbyfloat');
    reply.bulk(bytes);
  },
};
