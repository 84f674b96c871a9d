/** Strings as arrays of bits. */
import { NO_EXPIRY, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

const NOTHING = new Uint8Array(0);

/** The string at argument `index`, in place or as a copy, empty if there is none; undefined once the error has been sent. */
export function readBits(
  { db, reply }: CommandContext,
  args: Arguments,
  index: number,
): { readonly bytes: Uint8Array; readonly exists: boolean } | undefined {
  const ref = db.lookupRead(args, index);
  if (ref === 0) return { bytes: NOTHING, exists: false };
  if (db.keyspace.type(ref) === ValueType.string) return { bytes: db.keyspace.stringView(ref), exists: true };
  reply.error(WRONG_TYPE);
  return undefined;
}

/** The string at argument 1 with room for the bit at `offset`; undefined once the error has been sent. */
export function makeBits(
  { db, reply }: CommandContext,
  args: Arguments,
  offset: number,
): { readonly ref: Ref; readonly hasGrown: boolean } | undefined {
  let ref = db.lookupWrite(args, 1);
  if (ref !== 0 && db.keyspace.type(ref) !== ValueType.string) {
    reply.error(WRONG_TYPE);
    return undefined;
  }
  if (ref === 0) ref = db.putBytes(args, 1, NOTHING, NO_EXPIRY, true);
  const lengthBefore = db.keyspace.stringLength(ref);
  const length = Math.max(lengthBefore, Math.floor(offset / 8) + 1);
  // Also where the length stays: the string becomes raw.
  db.keyspace.resizeString(ref, length);
  return { ref, hasGrown: length !== lengthBefore };
}

export const bitAt = (bytes: Uint8Array, offset: number): 0 | 1 => {
  const byte = bytes[Math.floor(offset / 8)];
  return byte === undefined ? 0 : (((byte >> (7 - (offset % 8))) & 1) as 0 | 1);
};

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Bits that are 1 in [from, to). */
export function countOnes(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  let at = from;
  for (; at < to && at % 8 !== 0; at++) count += bitAt(bytes, at);
  const wholeEnd = Math.floor(to / 8);
  for (let byte = at / 8; byte < wholeEnd; byte++) count += ONES[bytes[byte]!]!;
  for (at = Math.max(at, wholeEnd * 8); at < to; at++) count += bitAt(bytes, at);
  return count;
}

/** The first bit in [from, to) that is `bit`, or -1. */
export function findBit(bytes: Uint8Array, bit: 0 | 1, from: number, to: number): number {
  const skipped = bit === 1 ? 0 : 0xff;
  for (let at = from; at < to; ) {
    if (at % 8 === 0 && at + 8 <= to && bytes[at / 8] === skipped) at += 8;
    else if (bitAt(bytes, at) === bit) return at;
    else at++;
  }
  return -1;
}

/**
 * A range in bits, both ends included and counted from the end if negative, clamped to `length` bits or bytes: [from, to) in bits.
 * Nothing is `from` >= `to`.
 */
export function bitRange(
  start: number,
  end: number,
  lengthBytes: number,
  inBits: boolean,
): { readonly from: number; readonly to: number } {
  const length = inBits ? lengthBytes * 8 : lengthBytes;
  const first = Math.max(start < 0 ? length + start : start, 0);
  const last = Math.min(Math.max(end < 0 ? length + end : end, 0), length - 1);
  const unit = inBits ? 1 : 8;
  return { from: first * unit, to: (last + 1) * unit };
}
