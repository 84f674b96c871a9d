/** Moving and copying whole entries between keys and databases (RENAME, MOVE, COPY, RESTORE): value and expiry go together. */
import type { Database } from '../../keyspace/database.ts';
import { type Keyspace, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { DetachedValue } from '../../keyspace/serialization/valueSerialization.ts';
import type { Arguments } from '../arguments.ts';

const copiedString = (keyspace: Keyspace, ref: Ref): DetachedValue => ({
  collection: undefined,
  bytes: keyspace.stringView(ref).slice(),
  raw: keyspace.isRaw(ref),
});

/** An independent copy of the entry's value. */
export function copyValue(keyspace: Keyspace, ref: Ref): DetachedValue {
  if (keyspace.type(ref) === ValueType.string) return copiedString(keyspace, ref);
  return { collection: keyspace.collection(ref).duplicate() };
}

/** Removes the entry and hands its value over; a collection is not copied. */
export function takeValue(keyspace: Keyspace, ref: Ref): DetachedValue {
  if (keyspace.type(ref) === ValueType.string) {
    const value = copiedString(keyspace, ref);
    keyspace.remove(ref);
    return value;
  }
  return { collection: keyspace.detach(ref)! };
}

/** Puts the value at the key in argument `index`, in place of what was there; its access word starts anew, as in Redis. */
export function placeValue(
  db: Database,
  args: Arguments,
  index: number,
  value: DetachedValue,
  expireAtMs: number,
): Ref {
  if (value.collection === undefined) return db.putBytes(args, index, value.bytes, expireAtMs, value.raw);
  return db.putCollection(args, index, value.collection, expireAtMs);
}
