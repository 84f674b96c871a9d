import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR, WRONG_TYPE } from '../errors.ts';
import {
  GETEX_OPTIONS,
  optionExpireIndex,
  optionFlags,
  parseStringOptions,
  resolveExpiry,
  StringOption,
} from './expiryOptions.ts';

export const getex: CommandSpec = {
  name: 'getex',
  arity: -2,
  flags: ['write', 'fast'],
  categories: ['string'],
  keys: [{ ...oneKey('RW', 'access', 'update')[0]!, notes: 'RW and UPDATE because it changes the TTL' }],
  docs: {
    summary: 'Returns the string at a key and sets or removes its expiry.',
    since: '6.2.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'expiration',
        type: 'oneof',
        flags: ['optional'],
        arguments: [
          { name: 'seconds', type: 'integer', token: 'EX' },
          { name: 'milliseconds', type: 'integer', token: 'PX' },
          { name: 'unix-time-seconds', type: 'unix-time', token: 'EXAT' },
          { name: 'unix-time-milliseconds', type: 'unix-time', token: 'PXAT' },
          { name: 'persist', type: 'pure-token', token: 'PERSIST' },
        ],
      },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const options = parseStringOptions(args, 2, GETEX_OPTIONS);
    if (options < 0) return reply.error(SYNTAX_ERROR);
    const flags = optionFlags(options);
    const ref = db.lookupRead(args, 1);
    if (ref === 0) return reply.nil();
    if (db.keyspace.type(ref) !== ValueType.string) return reply.error(WRONG_TYPE);

    const expireIndex = optionExpireIndex(options);
    if (expireIndex !== 0) {
      const expireAtMs = resolveExpiry(context, args, expireIndex, flags, 'getex');
      if (expireAtMs === 0) return;
      reply.bulkEntry(db.keyspace, ref);
      const isOver = expireAtMs <= context.nowMs;
      if (isOver) db.keyspace.remove(ref);
      else db.setExpireAt(ref, expireAtMs);
      server.dirty++;
      db.changed(args, 1, EventClass.generic, isOver ? 'del' : 'expire');
      return;
    }
    reply.bulkEntry(db.keyspace, ref);
    if ((flags & StringOption.persist) !== 0 && db.keyspace.expireAtMs(ref) !== NO_EXPIRY) {
      db.setExpireAt(ref, NO_EXPIRY);
      server.dirty++;
      db.changed(args, 1, EventClass.generic, 'persist');
    }
  },
};
