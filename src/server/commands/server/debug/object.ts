/** DEBUG OBJECT: one line about a value. */
import type { Database } from '../../../keyspace/database.ts';
import { type Ref, ValueType } from '../../../keyspace/keyspace.ts';
import { encodingName } from '../../generic/valueEncoding.ts';

/** Bytes of a length in an RDB file: 6 bits, 14 bits, 32 or 64 bits. */
function lengthBytes(length: number): number {
  if (length < 1 << 6) return 1;
  if (length < 1 << 14) return 2;
  return length < 2 ** 32 ? 5 : 9;
}

/** Bytes of an integer in an RDB file, which keeps those of up to 32 bits in binary. */
function integerBytes(text: string): number | undefined {
  const value = Number(text);
  if (value >= -(2 ** 7) && value < 2 ** 7) return 2;
  if (value >= -(2 ** 15) && value < 2 ** 15) return 3;
  return value >= -(2 ** 31) && value < 2 ** 31 ? 5 : undefined;
}

/** What the value would take in a dump, uncompressed; for a collection the bytes it takes in memory, an upper bound. */
function serializedBytes(database: Database, ref: Ref, encoding: string): number {
  const { keyspace } = database;
  if (keyspace.type(ref) !== ValueType.string)
    return keyspace.isPacked(ref) ? keyspace.stringLength(ref) : keyspace.collection(ref).memoryBytes();
  const length = keyspace.stringLength(ref);
  const asInteger =
    encoding === 'int' ? integerBytes(Buffer.from(keyspace.stringView(ref)).toString('latin1')) : undefined;
  return asInteger ?? lengthBytes(length) + length;
}

export function describeObject(database: Database, ref: Ref): string {
  const encoding = encodingName(database.keyspace, ref);
  return [
    // Values have no address that a client could use; the entry's number stands for it.
    `Value at:0x${ref.toString(16)}`,
    'refcount:1',
    `encoding:${encoding}`,
    `serializedlength:${serializedBytes(database, ref, encoding)}`,
    `lru:${database.keyspace.access(ref)}`,
    `lru_seconds_idle:${database.idleSec(ref)}`,
  ].join(' ');
}
