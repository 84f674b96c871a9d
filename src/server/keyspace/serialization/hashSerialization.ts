/**
 * Hashes in Redis's serialisation.
 *
 *   4   hashtable:                count, (field value)...
 *   16  listpack:                 a listpack of field, value, ... as a string
 *   24  hashtable with expiries:  earliest expiry (8 bytes), count, (0 or expiry - earliest + 1, field, value)...
 *   25  listpackex:               earliest expiry or 0 (8 bytes), a listpack of field, value, expiry or 0, ... as a string
 *   9, 13, 22, 23                 zipmap; ziplist; 24 and 25 as release candidates had them, without the earliest expiry and
 *                                 with absolute ones. Read only.
 *
 * In a listpackex Redis keeps the fields in the order of their expiry, those without one last.
 */
import type { CapacityPolicy } from '../../capacity/capacityPolicy.ts';
import { NO_EXPIRY } from '../keyspace.ts';
import { type HashLimits, HashValue } from '../value/hashValue.ts';
import { packedEntryBytes } from '../value/packedEntry.ts';
import { entryInteger, ListpackWriter, readListpack } from './listpack.ts';
import type { PayloadReader, PayloadWriter } from './payload.ts';
import type { ValueEnvironment } from './valueSerialization.ts';
import { readZiplist, readZipmap } from './ziplist.ts';

export const HASH_TYPE = {
  table: 4,
  zipmap: 9,
  ziplist: 13,
  listpack: 16,
  tableExpiringCandidate: 22,
  listpackExpiringCandidate: 23,
  tableExpiring: 24,
  listpackExpiring: 25,
} as const;

/** The last millisecond of a field's expiry that Redis can hold. */
const FIELD_EXPIRY_MAX_MS = 2 ** 48 - 1;
const EXPIRY_BYTES = 8;

/** Type byte and value. */
export function writeHash(writer: PayloadWriter, hash: HashValue): void {
  const encoding = hash.encoding();
  if (encoding === 'hashtable') {
    if (hash.expiringCount === 0) writeTable(writer, hash);
    else writeExpiringTable(writer, hash);
    return;
  }
  const listpack = new ListpackWriter();
  if (encoding === 'listpack') {
    writer.type(HASH_TYPE.listpack);
    hash.forEach((field, value) => {
      listpack.append(field, 0, field.length);
      listpack.append(value, 0, value.length);
    });
  } else {
    writer.type(HASH_TYPE.listpackExpiring);
    writer.littleEndian(earliestExpiryMs(hash) ?? 0, EXPIRY_BYTES);
    for (const { field, value, expireAtMs } of inOrderOfExpiry(hash)) {
      listpack.append(field, 0, field.length);
      listpack.append(value, 0, value.length);
      listpack.appendInteger(expireAtMs === NO_EXPIRY ? 0n : BigInt(expireAtMs));
    }
  }
  const bytes = listpack.finish();
  writer.string(bytes, 0, bytes.length);
}

function writeTable(writer: PayloadWriter, hash: HashValue): void {
  writer.type(HASH_TYPE.table);
  writer.lengthOf(hash.length);
  hash.forEach((field, value) => {
    writer.string(field, 0, field.length);
    writer.string(value, 0, value.length);
  });
}

function writeExpiringTable(writer: PayloadWriter, hash: HashValue): void {
  const earliestMs = earliestExpiryMs(hash)!;
  writer.type(HASH_TYPE.tableExpiring);
  writer.littleEndian(earliestMs, EXPIRY_BYTES);
  writer.lengthOf(hash.length);
  hash.forEach((field, value, expireAtMs) => {
    writer.lengthOf(expireAtMs === NO_EXPIRY ? 0 : expireAtMs - earliestMs + 1);
    writer.string(field, 0, field.length);
    writer.string(value, 0, value.length);
  });
}

function earliestExpiryMs(hash: HashValue): number | undefined {
  let earliest = Number.POSITIVE_INFINITY;
  hash.visit((ref) => {
    const expireAtMs = hash.expireAtMs(ref);
    if (expireAtMs !== NO_EXPIRY && expireAtMs < earliest) earliest = expireAtMs;
  });
  return Number.isFinite(earliest) ? earliest : undefined;
}

interface Field {
  readonly field: Uint8Array;
  readonly value: Uint8Array;
  readonly expireAtMs: number;
}

function inOrderOfExpiry(hash: HashValue): Field[] {
  const fields: Field[] = [];
  hash.forEach((field, value, expireAtMs) => {
    fields.push({ field, value, expireAtMs });
  });
  const rank = ({ expireAtMs }: Field): number =>
    expireAtMs === NO_EXPIRY ? Number.MAX_SAFE_INTEGER : expireAtMs;
  return fields.sort((a, b) => rank(a) - rank(b));
}

/** Builds a hash field by field; two fields of one name are an error. */
class HashBuilder {
  readonly hash: HashValue;
  readonly #limits: HashLimits;

  constructor({ storage, createSmallFields }: ValueEnvironment, limits: HashLimits) {
    this.hash = new HashValue(storage, createSmallFields);
    this.#limits = limits;
  }

  /** False if the field was there already. */
  add(field: Uint8Array, value: Uint8Array, expireAtMs: number): boolean {
    const { hash } = this;
    if (!hash.set(field, 0, field.length, value, 0, value.length, false, this.#limits)) return false;
    if (expireAtMs !== NO_EXPIRY) hash.setExpireAt(hash.find(field, 0, field.length), expireAtMs);
    return true;
  }
}

/** The hash of the given type behind the type byte, or undefined: then nothing is left behind. */
export function readHash(
  reader: PayloadReader,
  type: number,
  environment: ValueEnvironment,
): HashValue | undefined {
  const limits = environment.hashLimits;
  // A packed form is taken as it is, however long its values: Redis too looks at the number of fields only.
  const isTable =
    type === HASH_TYPE.table || type === HASH_TYPE.tableExpiring || type === HASH_TYPE.tableExpiringCandidate;
  const builder = new HashBuilder(
    environment,
    isTable || type === HASH_TYPE.zipmap
      ? limits
      : { entriesMax: limits.entriesMax, valueBytesMax: Number.POSITIVE_INFINITY },
  );
  const complete = isTable
    ? readTable(reader, type, builder, limits)
    : readPacked(reader, type, builder, environment.capacity);
  if (complete && !reader.failed && builder.hash.length > 0) return builder.hash;
  builder.hash.release();
  return undefined;
}

function readTable(reader: PayloadReader, type: number, builder: HashBuilder, limits: HashLimits): boolean {
  const expiring = type !== HASH_TYPE.table;
  const earliestMs = type === HASH_TYPE.tableExpiring ? reader.littleEndian(EXPIRY_BYTES) : 1;
  const count = reader.length();
  if (expiring) builder.hash.allowFieldExpiry();
  if (count > limits.entriesMax) builder.hash.prepare(limits.entriesMax + 1, 0, 0, limits);
  for (let i = 0; i < count; i++) {
    const distance = expiring ? reader.length() : 0;
    const expireAtMs = distance === 0 ? NO_EXPIRY : earliestMs + distance - 1;
    if (expireAtMs > FIELD_EXPIRY_MAX_MS) return false;
    const field = reader.string();
    const value = reader.string();
    if (reader.failed || !builder.add(field, value, expireAtMs)) return false;
  }
  return true;
}

/** What the entries of a listpack (fields, values and, as every third if `expiring`, expiries or 0) will take in the packed form. */
function packedBytes(entries: readonly Uint8Array[], expiring: boolean): number {
  const stride = expiring ? 3 : 2;
  let bytes = 0;
  for (let i = 0; i < entries.length; i += stride)
    bytes += packedEntryBytes(
      entries[i]!.length,
      entries[i + 1]!.length,
      expiring && entryInteger(entries[i + 2]!) !== 0,
    );
  return bytes;
}

function readPacked(
  reader: PayloadReader,
  type: number,
  builder: HashBuilder,
  capacity: CapacityPolicy,
): boolean {
  if (type === HASH_TYPE.listpackExpiring) reader.littleEndian(EXPIRY_BYTES);
  const expiring = type === HASH_TYPE.listpackExpiring || type === HASH_TYPE.listpackExpiringCandidate;
  if (expiring) builder.hash.allowFieldExpiry();
  const bytes = reader.string();
  if (reader.failed) return false;
  const read =
    type === HASH_TYPE.zipmap ? readZipmap : type === HASH_TYPE.ziplist ? readZiplist : readListpack;
  const entries = read(bytes);
  const stride = expiring ? 3 : 2;
  if (entries === undefined || entries.length % stride !== 0) return false;
  builder.hash.makeRoom(capacity.roomFor(packedBytes(entries, expiring)));
  for (let i = 0; i < entries.length; i += stride) {
    const expiry = expiring ? entryInteger(entries[i + 2]!) : 0;
    // NaN is refused with what is too late.
    if (!(expiry <= FIELD_EXPIRY_MAX_MS)) return false;
    if (!builder.add(entries[i]!, entries[i + 1]!, expiry === 0 ? NO_EXPIRY : expiry)) return false;
  }
  return true;
}
