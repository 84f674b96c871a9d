import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { createHash, hashLimits, liveField, writeHash } from './hashLookup.ts';

export const hsetnx: CommandSpec = {
  name: 'hsetnx',
  arity: 4,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'insert'),
  docs: {
    summary: 'Sets a field of a hash unless the field exists.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'field', type: 'string' },
      { name: 'value', type: 'string' },
    ],
  },
  execute(context, args) {
    const { buffer, starts, ends } = args;
    const found = writeHash(context, args);
    if (found === null) return;
    if (found !== undefined && liveField(context, args, found, 2) !== 0) {
      context.reply.integer(0);
      return;
    }
    const hash = found === undefined || found.length === 0 ? createHash(context, args) : found;
    const limits = hashLimits(context);
    const fieldLength = args.length(2);
    const valueLength = args.length(3);
    hash.prepare(1, fieldLength + valueLength, Math.max(fieldLength, valueLength), limits);
    hash.set(buffer, starts[2]!, ends[2]!, buffer, starts[3]!, ends[3]!, false, limits);
    context.server.dirty++;
    context.db.changed(args, 1, EventClass.hash, 'hset');
    context.reply.integer(1);
  },
};
