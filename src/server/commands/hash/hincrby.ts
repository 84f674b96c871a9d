import { fromLatin1 } from '../../../base/bytes.ts';
import { INT64_MAX, INT64_MIN, parseInt64 } from '../../../base/integer.ts';
import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';
import { createHash, hashLimits, liveField, writeHash } from './hashLookup.ts';

export const hincrby: CommandSpec = {
  name: 'hincrby',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Adds an integer to the value of a field, absent counting as 0.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'field', type: 'string' },
      { name: 'increment', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const increment = args.int64(3);
    if (increment === undefined) {
      reply.error(NOT_AN_INTEGER);
      return;
    }
    const found = writeHash(context, args);
    if (found === null) return;
    const ref = found === undefined ? 0 : liveField(context, args, found, 2);
    let sum = increment;
    if (found !== undefined && ref !== 0) {
      const value = found.valueView(ref);
      const old = parseInt64(value, 0, value.length);
      if (old === undefined) {
        reply.error('ERR hash value is not an integer');
        return;
      }
      sum += old;
    }
    if (sum > INT64_MAX || sum < INT64_MIN) {
      reply.error('ERR increment or decrement would overflow');
      return;
    }
    const hash = found === undefined || found.length === 0 ? createHash(context, args) : found;
    const text = fromLatin1(sum.toString());
    hash.set(args.buffer, args.starts[2]!, args.ends[2]!, text, 0, text.length, true, hashLimits(context));
    context.server.dirty++;
    context.db.changed(args, 1, EventClass.hash, 'hincrby');
    reply.integer(sum);
  },
};
