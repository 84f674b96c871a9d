/**
 * Sorted sets in Redis's serialisation.
 *
 *   5   members: count, (string, score as 8 bytes little-endian)..., from the highest score down
 *   17  a listpack of member, score, ... as a string
 *   3   count, (string, score as text: length and characters; 253, 254, 255 for nan, inf, -inf)...   read only
 *   12  a ziplist of member, score, ...                                                             read only
 */
import { parseDouble } from '../../../base/double.ts';
import { Probe } from '../value/listpack.ts';
import { SortedSetValue } from '../value/sortedSet/sortedSetValue.ts';
import { framedListpack, readListpack } from './listpack.ts';
import type { PayloadReader, PayloadWriter } from './payload.ts';
import type { ValueEnvironment } from './valueSerialization.ts';
import { readZiplist } from './ziplist.ts';

export const SORTED_SET_TYPE = { texts: 3, doubles: 5, ziplist: 12, listpack: 17 } as const;

const TEXT_NAN = 253;
const TEXT_INFINITY = 254;
const TEXT_NEGATIVE_INFINITY = 255;

/** Type byte and value. */
export function writeSortedSet(writer: PayloadWriter, set: SortedSetValue): void {
  if (set.pairs !== undefined) {
    writer.type(SORTED_SET_TYPE.listpack);
    const bytes = framedListpack(set.pairs);
    writer.string(bytes, 0, bytes.length);
    return;
  }
  writer.type(SORTED_SET_TYPE.doubles);
  writer.lengthOf(set.length);
  const score = new Uint8Array(8);
  const view = new DataView(score.buffer);
  set.visit(set.length - 1, set.length, true, (member, value) => {
    writer.string(member, 0, member.length);
    view.setFloat64(0, value, true);
    writer.bytes(score, 0, score.length);
    return true;
  });
}

/** The sorted set of the given type behind the type byte, or undefined: then nothing is left behind. */
export function readSortedSet(
  reader: PayloadReader,
  type: number,
  environment: ValueEnvironment,
): SortedSetValue | undefined {
  const { storage } = environment;
  const isPacked = type === SORTED_SET_TYPE.listpack || type === SORTED_SET_TYPE.ziplist;
  // What was packed stays so whatever its members' lengths, as in Redis.
  const limits = isPacked
    ? { ...environment.sortedSetLimits, valueBytesMax: Number.POSITIVE_INFINITY }
    : environment.sortedSetLimits;
  const set = new SortedSetValue(storage);
  const add = (member: Uint8Array, score: number): boolean => {
    const probe = new Probe(member, 0, member.length);
    if (Number.isNaN(score) || set.score(probe) !== undefined) return false;
    set.set(probe, score, limits);
    return true;
  };
  const isWhole = isPacked ? readPacked(reader, type, add) : readMembers(reader, type, add);
  if (isWhole && !reader.failed && set.length > 0) return set;
  set.release();
  return undefined;
}

type Add = (member: Uint8Array, score: number) => boolean;

function readMembers(reader: PayloadReader, type: number, add: Add): boolean {
  const count = reader.length();
  for (let i = 0; i < count; i++) {
    const member = reader.string();
    const score = type === SORTED_SET_TYPE.doubles ? readDouble(reader) : readText(reader);
    if (reader.failed || !add(member, score)) return false;
  }
  return true;
}

function readDouble(reader: PayloadReader): number {
  const bytes = new Uint8Array(8);
  for (let i = 0; i < bytes.length; i++) bytes[i] = reader.byte();
  return new DataView(bytes.buffer).getFloat64(0, true);
}

function readText(reader: PayloadReader): number {
  const length = reader.byte();
  if (length === TEXT_NAN) return Number.NaN;
  if (length === TEXT_INFINITY) return Infinity;
  if (length === TEXT_NEGATIVE_INFINITY) return -Infinity;
  const text = new Uint8Array(length);
  for (let i = 0; i < length; i++) text[i] = reader.byte();
  return parseDouble(text, 0, length);
}

function readPacked(reader: PayloadReader, type: number, add: Add): boolean {
  const bytes = reader.string();
  if (reader.failed) return false;
  const entries = type === SORTED_SET_TYPE.listpack ? readListpack(bytes) : readZiplist(bytes);
  if (entries === undefined || entries.length % 2 !== 0) return false;
  for (let i = 0; i < entries.length; i += 2) {
    const text = entries[i + 1]!;
    if (!add(entries[i]!, parseDouble(text, 0, text.length))) return false;
  }
  return true;
}
