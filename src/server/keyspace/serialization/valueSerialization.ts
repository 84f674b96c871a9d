/**
 * Values in Redis's serialisation (RDB version 12): a type byte, then the value. DUMP, RESTORE and snapshots share it.
 */
import { unreachable } from '../../../base/assert.ts';
import type { CapacityPolicy } from '../../capacity/capacityPolicy.ts';
import { type Collection, type Keyspace, type KeyspaceFactory, type Ref, ValueType } from '../keyspace.ts';
import { type HashLimits, HashValue } from '../value/hashValue.ts';
import type { CreateSmallFields } from '../value/smallFields.ts';
import { HASH_TYPE, readHash, writeHash } from './hashSerialization.ts';
import type { PayloadReader, PayloadWriter } from './payload.ts';

/** What Redis 7.4 writes; it reads this and everything older. */
export const RDB_VERSION = 12;

const STRING_TYPE = 0;

/** A value outside any keyspace: a collection, or a string's bytes. */
export type DetachedValue =
  | { readonly collection: Collection }
  | { readonly collection: undefined; readonly bytes: Uint8Array; readonly raw: boolean };

/** What building a value depends on. */
export interface ValueEnvironment {
  readonly storage: KeyspaceFactory;
  readonly createSmallFields: CreateSmallFields;
  readonly hashLimits: HashLimits;
  readonly capacity: CapacityPolicy;
}

/** Type byte and value of an entry. */
export function writeValue(writer: PayloadWriter, keyspace: Keyspace, ref: Ref): void {
  if (keyspace.type(ref) === ValueType.string) {
    const bytes = keyspace.stringView(ref);
    writer.byte(STRING_TYPE);
    writer.string(bytes, 0, bytes.length);
    return;
  }
  const collection = keyspace.collection(ref);
  if (collection instanceof HashValue) writeHash(writer, collection);
  else unreachable(collection as never);
}

/**
 * The value that begins at the reader's position; undefined if there is none, or of a type not known here. A string's bytes
 * may lie in the payload.
 */
export function readValue(reader: PayloadReader, environment: ValueEnvironment): DetachedValue | undefined {
  const type = reader.byte();
  if (reader.failed) return undefined;
  switch (type) {
    case STRING_TYPE: {
      const bytes = reader.string();
      return reader.failed ? undefined : { collection: undefined, bytes, raw: false };
    }
    case HASH_TYPE.table:
    case HASH_TYPE.zipmap:
    case HASH_TYPE.ziplist:
    case HASH_TYPE.listpack:
    case HASH_TYPE.tableExpiringCandidate:
    case HASH_TYPE.listpackExpiringCandidate:
    case HASH_TYPE.tableExpiring:
    case HASH_TYPE.listpackExpiring: {
      const collection = readHash(reader, type, environment);
      return collection === undefined ? undefined : { collection };
    }
  }
  return undefined;
}
