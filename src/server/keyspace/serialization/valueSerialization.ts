/**
 * Values in Redis's serialisation (RDB version 12): a type byte, then the value. DUMP, RESTORE and snapshots share it.
 */
import { unreachable } from '../../../base/assert.ts';
import type { CapacityPolicy } from '../../capacity/capacityPolicy.ts';
import {
  type Collection,
  type Keyspace,
  type KeyspaceFactory,
  type Ref,
  ValueType,
  type ValueTypeId,
} from '../keyspace.ts';
import { collectionAt } from '../value/collectionAt.ts';
import { type HashLimits, HashValue } from '../value/hashValue.ts';
import { ListValue } from '../value/list/listValue.ts';
import { type SetLimits, SetValue } from '../value/set/setValue.ts';
import type { CreateSmallFields } from '../value/smallFields.ts';
import { type SortedSetLimits, SortedSetValue } from '../value/sortedSet/sortedSetValue.ts';
import { StreamValue } from '../value/stream/streamValue.ts';
import { HASH_TYPE, readHash, writeHash } from './hashSerialization.ts';
import { LIST_TYPE, readList, writeList } from './listSerialization.ts';
import type { PayloadReader, PayloadWriter } from './payload.ts';
import { readSet, SET_TYPE, writeSet } from './setSerialization.ts';
import { readSortedSet, SORTED_SET_TYPE, writeSortedSet } from './sortedSetSerialization.ts';
import { readStream, STREAM_TYPE, writeStream } from './streamSerialization.ts';

/** What Redis 7.4 writes; it reads this and everything older. */
export const RDB_VERSION = 12;

const STRING_TYPE = 0;

/** A value outside any keyspace: a collection, or a string's bytes. */
export type DetachedValue =
  | { readonly collection: Collection }
  /** A string, or a collection in its packed form. */
  | {
      readonly collection: undefined;
      readonly type: ValueTypeId;
      readonly bytes: Uint8Array;
      readonly raw: boolean;
    };

/** What building a value depends on. */
export interface ValueEnvironment {
  readonly storage: KeyspaceFactory;
  readonly createSmallFields: CreateSmallFields;
  readonly hashLimits: HashLimits;
  readonly listFill: number;
  readonly setLimits: SetLimits;
  readonly sortedSetLimits: SortedSetLimits;
  readonly capacity: CapacityPolicy;
}

/** Type byte and value of an entry. */
export function writeValue(writer: PayloadWriter, keyspace: Keyspace, ref: Ref): void {
  if (keyspace.type(ref) === ValueType.string) {
    const bytes = keyspace.stringView(ref);
    writer.type(STRING_TYPE);
    writer.string(bytes, 0, bytes.length);
    return;
  }
  const collection = collectionAt(keyspace, ref);
  if (collection instanceof HashValue) writeHash(writer, collection);
  else if (collection instanceof ListValue) writeList(writer, collection);
  else if (collection instanceof SetValue) writeSet(writer, collection);
  else if (collection instanceof SortedSetValue) writeSortedSet(writer, collection);
  else if (collection instanceof StreamValue) writeStream(writer, collection);
  else unreachable(collection as never);
}

/**
 * The value that begins at the reader's position; undefined if there is none, or of a type not known here. A string's bytes
 * may lie in the payload.
 */
export function readValue(reader: PayloadReader, environment: ValueEnvironment): DetachedValue | undefined {
  return readValueOfType(reader, reader.byte(), environment);
}

/** As readValue, the type byte having been read. */
export function readValueOfType(
  reader: PayloadReader,
  type: number,
  environment: ValueEnvironment,
): DetachedValue | undefined {
  if (reader.failed) return undefined;
  switch (type) {
    case STRING_TYPE: {
      const bytes = reader.string();
      return reader.failed ? undefined : { collection: undefined, type: ValueType.string, bytes, raw: false };
    }
    case LIST_TYPE.elements:
    case LIST_TYPE.ziplist:
    case LIST_TYPE.ziplists:
    case LIST_TYPE.nodes:
      return collected(readList(reader, type, environment));
    case SET_TYPE.table:
    case SET_TYPE.integers:
    case SET_TYPE.listpack:
      return collected(readSet(reader, type, environment));
    case SORTED_SET_TYPE.texts:
    case SORTED_SET_TYPE.doubles:
    case SORTED_SET_TYPE.ziplist:
    case SORTED_SET_TYPE.listpack:
      return collected(readSortedSet(reader, type, environment));
    case STREAM_TYPE.first:
    case STREAM_TYPE.counted:
    case STREAM_TYPE.active:
      return collected(readStream(reader, type, environment));
    case HASH_TYPE.table:
    case HASH_TYPE.zipmap:
    case HASH_TYPE.ziplist:
    case HASH_TYPE.listpack:
    case HASH_TYPE.tableExpiringCandidate:
    case HASH_TYPE.listpackExpiringCandidate:
    case HASH_TYPE.tableExpiring:
    case HASH_TYPE.listpackExpiring:
      return collected(readHash(reader, type, environment));
  }
  return undefined;
}

const collected = (collection: Collection | undefined): DetachedValue | undefined =>
  collection === undefined ? undefined : { collection };
