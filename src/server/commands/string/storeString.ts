/** What SET and its older relatives do once their arguments are understood. */
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';
import { resolveExpiry, StringOption } from './expiryOptions.ts';

/** Replies with the string at argument 1 as GET does; false if an error was replied. The key must not change before. */
export function replyCurrent(context: CommandContext, args: Arguments): boolean {
  const { db, reply } = context;
  const ref = db.lookupRead(args, 1);
  if (ref === 0) {
    reply.nil();
    return true;
  }
  if (db.keyspace.type(ref) !== ValueType.string) {
    reply.error(WRONG_TYPE);
    return false;
  }
  reply.bulkEntry(db.keyspace, ref);
  return true;
}

/** Sets a key to a value unconditionally, without expiry and without a reply. */
export function storePlain(
  context: CommandContext,
  args: Arguments,
  keyIndex: number,
  valueIndex: number,
): void {
  const { db } = context;
  // An entry whose time has come counts as expired before it is overwritten; where nothing expires, spare the look-up.
  if (db.keyspace.expiringCount > 0) db.peek(args, keyIndex);
  db.putString(args, keyIndex, valueIndex, NO_EXPIRY);
  context.server.dirty++;
  db.changed(args, keyIndex, EventClass.string, 'set');
}

/** SET's whole course: expiry, GET's reply, conditions, the change, the reply. The key is argument 1. */
export function storeWithOptions(
  context: CommandContext,
  args: Arguments,
  valueIndex: number,
  flags: number,
  expireIndex: number,
  commandName: string,
): void {
  const { db, reply } = context;
  let expireAtMs = NO_EXPIRY;
  if (expireIndex !== 0) {
    expireAtMs = resolveExpiry(context, args, expireIndex, flags, commandName);
    if (expireAtMs === 0) return;
  }
  const replies = (flags & StringOption.get) !== 0;
  if (replies && !replyCurrent(context, args)) return;

  const ref = db.lookupWrite(args, 1);
  if ((flags & (ref === 0 ? StringOption.xx : StringOption.nx)) !== 0) {
    if (!replies) reply.nil();
    return;
  }
  if ((flags & StringOption.keepTtl) !== 0 && ref !== 0) expireAtMs = db.keyspace.expireAtMs(ref);
  db.putString(args, 1, valueIndex, expireAtMs);
  context.server.dirty++;
  db.changed(args, 1, EventClass.string, 'set');
  if (expireIndex !== 0) db.changed(args, 1, EventClass.generic, 'expire');
  if (!replies) reply.ok();
}
