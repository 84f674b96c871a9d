/**
 * Adding to a field that is there, its digits rewritten where they are: the plain case of HINCRBY, without the value's way through a
 * 64-bit integer, a text and a second search for the field. `commands/hash/hincrby.ts` does all cases.
 */
import { parseSafeInteger, writeInteger } from '../../../base/integer.ts';
import type { Keyspace } from '../keyspace.ts';
import { type HashEncoding, type HashLimits, mayStayPacked } from './hashEncoding.ts';
import type { HashValue } from './hashValue.ts';
import { packedEntryBytes } from './packedEntry.ts';
import type { FieldRef, SmallFields } from './smallFields.ts';

/** "-9007199254740991" is the longest safe integer. */
const DIGITS_MAX = 17;
/** Holds one number's text within one call, nothing between calls. */
const digits = new Uint8Array(DIGITS_MAX);

/**
 * Adds `delta` to the field [start, end) of `field`, its expiry kept, and returns the sum. NaN, nothing changed, unless all is plain: the
 * field is there and not expired at `nowMs`, it and the sum are safe integers, and storing the sum changes neither encoding nor form.
 */
export function incrementField(
  hash: HashValue,
  field: Uint8Array,
  start: number,
  end: number,
  delta: number,
  nowMs: number,
  limits: HashLimits,
): number {
  const ref = hash.find(field, start, end);
  if (ref === 0 || hash.isExpired(ref, nowMs)) return Number.NaN;
  const { small } = hash;
  const sum = delta + (small !== undefined ? small.safeInteger(ref) : tableInteger(hash.table!, ref));
  if (!Number.isSafeInteger(sum)) return Number.NaN;
  const length = writeInteger(digits, 0, sum);
  if (small === undefined) hash.table!.replaceString(ref, digits, 0, length, false);
  else if (staysAsItIs(small, hash.encoding(), end - start, length, limits))
    small.setValue(ref, digits, 0, length);
  else return Number.NaN;
  hash.settle();
  return sum;
}

function tableInteger(table: Keyspace, ref: FieldRef): number {
  const length = table.stringLength(ref);
  if (length > DIGITS_MAX) return Number.NaN;
  table.copyString(ref, 0, length, digits, 0);
  return parseSafeInteger(digits, 0, length);
}

/** Whether `HashValue.set` of a field that is there would leave encoding and form alone. */
function staysAsItIs(
  small: SmallFields,
  encoding: HashEncoding,
  fieldLength: number,
  valueLength: number,
  limits: HashLimits,
): boolean {
  if (
    encoding !== 'hashtable' &&
    (fieldLength > limits.valueBytesMax ||
      valueLength > limits.valueBytesMax ||
      small.count > limits.entriesMax)
  )
    return false;
  return mayStayPacked(encoding, small.count, small.used + packedEntryBytes(fieldLength, valueLength, false));
}
