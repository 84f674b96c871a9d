/**
 * How hash commands reach the hash at argument 1 and a field in it, with Redis's lazy expiry of fields: a field found past
 * its expiry is removed, and the key with the last field.
 */

import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { HashLimits } from '../../keyspace/value/hashEncoding.ts';
import { type FieldRef, HashValue } from '../../keyspace/value/hashValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

/** Undefined: no such key. Null: the key holds something else and the error has been sent. */
export type HashLookup = HashValue | undefined | null;

function hashOf(context: CommandContext, ref: Ref): HashLookup {
  if (ref === 0) return undefined;
  const { keyspace } = context.db;
  if (keyspace.type(ref) !== ValueType.hash) {
    context.reply.error(WRONG_TYPE);
    return null;
  }
  return keyspace.collection(ref) as HashValue;
}

/** For commands that read the hash at argument 1. */
export const readHash = (context: CommandContext, args: Arguments): HashLookup =>
  hashOf(context, context.db.lookupRead(args, 1));

/** For commands that change the hash at argument 1. */
export const writeHash = (context: CommandContext, args: Arguments): HashLookup =>
  hashOf(context, context.db.lookupWrite(args, 1));

/** An empty hash at argument 1; the caller puts something into it. */
export function createHash(context: CommandContext, args: Arguments): HashValue {
  const { storage, createSmallFields } = context.server;
  const hash = new HashValue(storage, createSmallFields);
  context.db.putCollection(args, 1, hash, NO_EXPIRY);
  return hash;
}

/** The thresholds of the packed encodings as configured now. */
export const hashLimits = (context: CommandContext): HashLimits => context.server.hashLimits;

/**
 * The field at argument `index`, 0 if absent or expired. An expired one is removed, and if it was the last, so is the
 * key: `hash.length` is 0 then, and the hash is no longer the key's.
 */
export function liveField(
  context: CommandContext,
  args: Arguments,
  hash: HashValue,
  index: number,
): FieldRef {
  const ref = hash.find(args.buffer, args.starts[index]!, args.ends[index]!);
  if (ref === 0 || !hash.isExpired(ref, context.nowMs)) return ref;
  hash.remove(ref);
  context.server.propagation?.also(context.db, ['HDEL', args.copy(1), args.copy(index)]);
  context.server.stats.expiredFields++;
  context.db.changed(args, 1, EventClass.hash, 'hexpired');
  if (hash.length === 0) removeEmptied(context, args);
  return 0;
}

/** Removes the key at argument 1, whose value has lost its last part. */
export function removeEmptied({ db }: CommandContext, args: Arguments): void {
  db.delete(args, 1);
  db.changed(args, 1, EventClass.generic, 'del');
}

/** Removes all fields that are due, as HRANDFIELD does first. True if the key went with its last field. */
export function expireAllFields(context: CommandContext, args: Arguments, hash: HashValue): boolean {
  const expired = hash.expireAllFields(context.nowMs);
  context.server.stats.expiredFields += expired;
  if (expired > 0) context.db.changed(args, 1, EventClass.hash, 'hexpired');
  if (hash.length > 0) return false;
  removeEmptied(context, args);
  return true;
}
