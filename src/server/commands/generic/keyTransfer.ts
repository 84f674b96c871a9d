/** Moving and copying whole entries between keys and databases (RENAME, MOVE, COPY, RESTORE): value and expiry go together. */
import { copyOf } from '../../../base/bytes.ts';
import type { Database } from '../../keyspace/database.ts';
import { type Keyspace, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { DetachedValue } from '../../keyspace/serialization/valueSerialization.ts';
import type { Arguments } from '../arguments.ts';

const holdsBytes = (keyspace: Keyspace, ref: Ref): boolean =>
  keyspace.type(ref) === ValueType.string || keyspace.isPacked(ref);

const copiedBytes = (keyspace: Keyspace, ref: Ref): DetachedValue => ({
  collection: undefined,
  type: keyspace.type(ref),
  bytes: copyOf(keyspace.stringView(ref)),
  raw: keyspace.isRaw(ref),
});

/** An independent copy of the entry's value. */
export function copyValue(keyspace: Keyspace, ref: Ref): DetachedValue {
  if (holdsBytes(keyspace, ref)) return copiedBytes(keyspace, ref);
  return { collection: keyspace.collection(ref).duplicate() };
}

/** Removes the entry and hands its value over; a collection is not copied. */
export function takeValue(keyspace: Keyspace, ref: Ref): DetachedValue {
  if (holdsBytes(keyspace, ref)) {
    const value = copiedBytes(keyspace, ref);
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
  if (value.collection === undefined) {
    const { bytes, type } = value;
    return type === ValueType.string
      ? db.putBytes(args, index, bytes, expireAtMs, value.raw)
      : db.putPacked(args, index, type, bytes, bytes.length, expireAtMs);
  }
  return db.putCollection(args, index, value.collection, expireAtMs);
}
