/**
 * Adding to a string that is an integer: INCR, DECR, INCRBY, DECRBY. Values are 64-bit signed. While old and new value are safe
 * integers the sum is taken in doubles and its digits are written to a scratch buffer: nothing is allocated for an existing key.
 */

import { fromLatin1 } from '../../../base/bytes.ts';
import { INT64_MAX, INT64_MIN, parseInt64, parseSafeInteger, writeInteger } from '../../../base/integer.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { NOT_AN_INTEGER, WRONG_TYPE } from '../errors.ts';

const OVERFLOW = 'ERR increment or decrement would overflow';
/** "-9223372036854775808". */
const DIGITS_MAX = 20;
/** Holds one number's text within one call of a function below, nothing between calls. */
const scratch = new Uint8Array(DIGITS_MAX);

/** Adds `delta`, a safe integer or beyond that a bigint, to the key at argument 1 and replies with the sum. */
export function addToInteger(context: CommandContext, args: Arguments, delta: number | bigint): void {
  const { db, reply } = context;
  const ref = db.lookupWrite(args, 1);
  let length = 1;
  if (ref === 0) {
    scratch[0] = 48;
  } else {
    if (db.keyspace.type(ref) !== ValueType.string) {
      reply.error(WRONG_TYPE);
      return;
    }
    length = db.keyspace.stringLength(ref);
    if (length > DIGITS_MAX) {
      reply.error(NOT_AN_INTEGER);
      return;
    }
    db.keyspace.copyString(ref, 0, length, scratch, 0);
  }
  if (typeof delta === 'number') {
    const sum = parseSafeInteger(scratch, 0, length) + delta;
    // NaN, for a value that is no safe integer, fails this too.
    if (Number.isSafeInteger(sum)) {
      store(context, args, ref, writeInteger(scratch, 0, sum));
      reply.integer(sum);
      return;
    }
  }
  addWide(context, args, ref, parseInt64(scratch, 0, length), BigInt(delta));
}

function addWide(
  context: CommandContext,
  args: Arguments,
  ref: Ref,
  value: bigint | undefined,
  delta: bigint,
): void {
  if (value === undefined) {
    context.reply.error(NOT_AN_INTEGER);
    return;
  }
  const sum = value + delta;
  if (sum > INT64_MAX || sum < INT64_MIN) {
    context.reply.error(OVERFLOW);
    return;
  }
  const digits = fromLatin1(sum.toString());
  scratch.set(digits);
  store(context, args, ref, digits.length);
  context.reply.integer(sum);
}

/** Puts the first `length` bytes of the scratch buffer where `ref` is, or under the key if that is 0. */
function store(context: CommandContext, args: Arguments, ref: Ref, length: number): void {
  const { db } = context;
  if (ref === 0) db.putBytes(args, 1, scratch.slice(0, length), NO_EXPIRY);
  else db.keyspace.replaceString(ref, scratch, 0, length, false);
  context.server.dirty++;
  db.changed(args, 1, EventClass.string, 'incrby');
}
