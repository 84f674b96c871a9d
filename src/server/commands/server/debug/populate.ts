/** DEBUG POPULATE: string keys `<prefix>:<n>` with the value `value:<n>`, padded with zero bytes or cut to a size. */
import { fromLatin1 } from '../../../../base/bytes.ts';
import { lfuInitial, lruClock } from '../../../keyspace/access.ts';
import { NO_EXPIRY } from '../../../keyspace/keyspace.ts';
import type { Arguments } from '../../arguments.ts';
import type { CommandContext } from '../../command.ts';

const NOT_POSITIVE = 'ERR value is out of range, must be positive';

/** The argument as a count; undefined if it is not one. */
function countAt(args: Arguments, index: number): number | undefined {
  const value = args.int64(index);
  return value === undefined || value < 0n ? undefined : Number(value);
}

export function populate({ db, nowMs, reply, server }: CommandContext, args: Arguments) {
  const count = countAt(args, 2);
  if (count === undefined) return reply.error(NOT_POSITIVE);
  const size = args.count === 5 ? countAt(args, 4) : 0;
  if (size === undefined) return reply.error(NOT_POSITIVE);
  if (size > server.configuration.number('proto-max-bulk-len')) {
    return reply.error('ERR string exceeds maximum allowed size (proto-max-bulk-len)');
  }
  const prefix = args.count > 3 ? args.text(3) : 'key';
  const { keyspace } = db;
  const access = server.lfu ? lfuInitial(nowMs) : lruClock(nowMs);
  for (let i = 0; i < count; i++) {
    const key = fromLatin1(`${prefix}:${i}`);
    if (!server.shard.owns(key, 0, key.length)) continue;
    if (db.peekBytes(key, 0, key.length) !== 0) continue;
    const text = fromLatin1(`value:${i}`);
    let value = text;
    if (size > 0) {
      value = new Uint8Array(size);
      value.set(text.subarray(0, size));
    }
    const ref = keyspace.putString(key, 0, key.length, value, 0, value.length, NO_EXPIRY, false);
    keyspace.setAccess(ref, access);
    server.dirty++;
    server.keyEvents.touched(db, key);
  }
  reply.ok();
}
