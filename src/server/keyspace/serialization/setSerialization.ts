/**
 * Sets in Redis's serialisation.
 *
 *   2   members: count, string...
 *   11  integers: bytes of one (4), count (4), the integers, all little-endian, as a string
 *   20  a listpack of members as a string
 */
import { toLatin1 } from '../../../base/bytes.ts';
import { Listpack, Probe } from '../value/listpack.ts';
import { IntSet } from '../value/set/intSet.ts';
import { SetValue } from '../value/set/setValue.ts';
import { framedListpack, readListpack } from './listpack.ts';
import type { PayloadReader, PayloadWriter } from './payload.ts';
import type { ValueEnvironment } from './valueSerialization.ts';

export const SET_TYPE = { table: 2, integers: 11, listpack: 20 } as const;

const INTSET_HEADER_BYTES = 8;

/** Type byte and value. */
export function writeSet(writer: PayloadWriter, set: SetValue): void {
  const { integers, members } = set;
  if (integers !== undefined) {
    writer.type(SET_TYPE.integers);
    const bytes = new Uint8Array(INTSET_HEADER_BYTES + integers.used);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, integers.width, true);
    view.setUint32(4, integers.count, true);
    bytes.set(integers.bytes.subarray(0, integers.used), INTSET_HEADER_BYTES);
    writer.string(bytes, 0, bytes.length);
  } else if (members !== undefined) {
    writer.type(SET_TYPE.listpack);
    const bytes = framedListpack(members);
    writer.string(bytes, 0, bytes.length);
  } else {
    writer.type(SET_TYPE.table);
    writer.lengthOf(set.length);
    set.visit((bytes, start, end) => writer.string(bytes, start, end));
  }
}

/** The set of the given type behind the type byte, or undefined: then nothing is left behind. */
export function readSet(
  reader: PayloadReader,
  type: number,
  { setLimits, storage }: ValueEnvironment,
): SetValue | undefined {
  const set = new SetValue(storage, type === SET_TYPE.integers ? 'intset' : 'listpack');
  const isWhole =
    type === SET_TYPE.table
      ? readMembers(reader, set, { ...setLimits })
      : type === SET_TYPE.integers
        ? readIntegers(reader.string(), set)
        : readPacked(reader.string(), set);
  if (isWhole && !reader.failed && set.length > 0) {
    if (type === SET_TYPE.table) set.toIntegersIfFew(setLimits);
    // What was packed under other limits may be too large under these.
    else set.prepare(set.length, setLimits);
    return set;
  }
  set.release();
  return undefined;
}

function readMembers(reader: PayloadReader, set: SetValue, limits: ValueEnvironment['setLimits']): boolean {
  const count = reader.length();
  set.prepare(count, limits);
  for (let i = 0; i < count; i++) {
    const member = reader.string();
    if (reader.failed || !set.add(new Probe(member, 0, member.length), limits)) return false;
  }
  return true;
}

/** Integers must be in ascending order, in a width that Redis knows. */
function readIntegers(bytes: Uint8Array, set: SetValue): boolean {
  if (bytes.length < INTSET_HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const width = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  if (width !== 2 && width !== 4 && width !== 8) return false;
  if (bytes.length !== INTSET_HEADER_BYTES + width * count) return false;
  const integers = new IntSet(bytes.slice(INTSET_HEADER_BYTES), width, count);
  for (let place = 1; place < count; place++) if (integers.at(place - 1) >= integers.at(place)) return false;
  set.loadIntegers(integers);
  return true;
}

/** Members must differ. */
function readPacked(bytes: Uint8Array, set: SetValue): boolean {
  const entries = readListpack(bytes);
  if (entries === undefined) return false;
  const seen = new Set<string>();
  const members = new Listpack();
  for (const entry of entries) {
    const name = toLatin1(entry);
    if (seen.has(name)) return false;
    seen.add(name);
    members.append(new Probe(entry, 0, entry.length));
  }
  set.loadMembers(members);
  return true;
}
