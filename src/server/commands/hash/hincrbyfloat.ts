import { fromLatin1 } from '../../../base/bytes.ts';
import { addLongDouble, formatLongDouble, parseLongDouble } from '../../../base/longDouble.ts';
import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_A_FLOAT } from '../errors.ts';
import { createHash, hashLimits, liveField, writeHash } from './hashLookup.ts';

export const hincrbyfloat: CommandSpec = {
  name: 'hincrbyfloat',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Adds a floating point number to the value of a field, absent counting as 0.',
    since: '2.6.0',
    group: 'hash',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'field', type: 'string' },
      { name: 'increment', type: 'double' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const { buffer, starts, ends } = args;
    const increment = parseLongDouble(buffer, starts[3]!, ends[3]!);
    if (increment === undefined) {
      reply.error(NOT_A_FLOAT);
      return;
    }
    if (increment.kind !== 'finite') {
      reply.error('ERR value is NaN or Infinity');
      return;
    }
    const found = writeHash(context, args);
    if (found === null) return;
    const ref = found === undefined ? 0 : liveField(context, args, found, 2);
    let sum = increment;
    if (found !== undefined && ref !== 0) {
      const value = found.valueView(ref);
      const old = parseLongDouble(value, 0, value.length);
      if (old === undefined) {
        reply.error('ERR hash value is not a float');
        return;
      }
      sum = addLongDouble(old, increment);
    }
    if (sum.kind !== 'finite') {
      reply.error('ERR increment would produce NaN or Infinity');
      return;
    }
    const hash = found === undefined || found.length === 0 ? createHash(context, args) : found;
    const text = fromLatin1(formatLongDouble(sum));
    hash.set(buffer, starts[2]!, ends[2]!, text, 0, text.length, true, hashLimits(context));
    context.server.dirty++;
    context.db.changed(args, 1, EventClass.hash, 'hincrbyfloat');
    reply.bulk(text);
  },
};
