/** The collection under a key whatever form it stands in, for all who only read it: digests, dumps, SORT, OBJECT. */
import { copyOf } from '../../../base/bytes.ts';
import { type Collection, type Keyspace, type KeyspaceFactory, type Ref, ValueType } from '../keyspace.ts';
import { ImmediateDisposal } from '../release/immediateDisposal.ts';
import { unpackList } from './list/listValue.ts';
import { unpackSet } from './set/setValue.ts';
import { unpackSortedSet } from './sortedSet/sortedSetValue.ts';

/** For values that stand under no key: they are on nobody's account, and too small to need a keyspace. */
const NO_STORAGE: KeyspaceFactory = {
  createDatabase: () => {
    throw new Error('a packed value needs no keyspace');
  },
  create: () => {
    throw new Error('a packed value needs no keyspace');
  },
  reservedBytes: () => 0,
  collectionsBytes: () => 0,
  disposal: new ImmediateDisposal(),
  charge() {},
};

/** A packed collection is unpacked into an object of its own, whose changes reach no key. */
export function collectionAt(keyspace: Keyspace, ref: Ref): Collection {
  if (!keyspace.isPacked(ref)) return keyspace.collection(ref);
  const bytes = copyOf(keyspace.stringView(ref));
  switch (keyspace.type(ref)) {
    case ValueType.list:
      return unpackList(bytes, NO_STORAGE);
    case ValueType.set:
      return unpackSet(bytes, NO_STORAGE);
    default:
      return unpackSortedSet(bytes, NO_STORAGE);
  }
}
