/** How a list, set or sorted set that a command has changed comes to stand under its key: packed, as an object, or not at all. */
import { type Keyspace, NO_EXPIRY, type Ref } from '../keyspace/keyspace.ts';
import type { ChargedCollection } from '../keyspace/value/chargedCollection.ts';
import type { Packable } from '../keyspace/value/packable.ts';
import type { Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';

type Stored = Packable & ChargedCollection;

/** Where packed forms are written before they are stored. */
let scratch = new Uint8Array(16 * 1024);

/** The packed form, in memory that is used again for the next. */
function packed(value: Packable): { readonly bytes: Uint8Array; readonly length: number } {
  const length = value.packedLength;
  if (length > scratch.length) scratch = new Uint8Array(length * 2);
  value.writePacked(scratch);
  return { bytes: scratch, length };
}

/**
 * Puts the changed value of the key in argument `index` back, expiry and access word kept. `ref` is where it was found, 0 if the key is new; no other
 * key may have been put or removed since. What has no elements left is removed.
 */
export function storeBack(
  context: CommandContext,
  args: Arguments,
  index: number,
  ref: Ref,
  value: Stored,
): void {
  const { db } = context;
  if (ref === 0) {
    if (value.length > 0) storeNew(context, args, index, value, NO_EXPIRY);
    return;
  }
  const { keyspace } = db;
  if (value.length === 0) {
    keyspace.remove(ref);
  } else if (value.isPacked && keyspace.isPacked(ref)) {
    const { bytes, length } = packed(value);
    keyspace.replaceString(ref, bytes, 0, length, true);
  } else if (!value.isPacked && !keyspace.isPacked(ref)) {
    value.settle();
  } else {
    changeForm(keyspace, args, index, ref, value);
  }
}

/** From bytes to an object or back: in the keyspace another entry, for all others the same. */
function changeForm(keyspace: Keyspace, args: Arguments, index: number, found: Ref, value: Stored): void {
  const { buffer, starts, ends } = args;
  const start = starts[index]!;
  const end = ends[index]!;
  const access = keyspace.access(found);
  const expireAtMs = keyspace.expireAtMs(found);
  let ref: Ref;
  if (value.isPacked) {
    const { bytes, length } = packed(value);
    ref = keyspace.putPacked(buffer, start, end, value.type, bytes, 0, length, expireAtMs);
  } else {
    ref = keyspace.putCollection(buffer, start, end, value.moved(), expireAtMs);
  }
  keyspace.setAccess(ref, access);
}

/** Puts a new value under the key in argument `index`, in place of what was there. It has elements. */
export function storeNew(
  { db }: CommandContext,
  args: Arguments,
  index: number,
  value: Packable,
  expireAtMs: number,
): void {
  if (value.isPacked) {
    const { bytes, length } = packed(value);
    db.putPacked(args, index, value.type, bytes, length, expireAtMs);
  } else db.putCollection(args, index, value.moved(), expireAtMs);
}
