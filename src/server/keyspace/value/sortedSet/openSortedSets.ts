/** Sorted sets as objects, whatever form they stand in. */
import type { Keyspace, KeyspaceFactory, Ref } from '../../keyspace.ts';
import { loadPacked, SortedSetValue } from './sortedSetValue.ts';

export class OpenSortedSets {
  readonly #storage: KeyspaceFactory;

  constructor(storage: KeyspaceFactory) {
    this.#storage = storage;
  }

  /** The sorted set of an entry, good until the command ends. Changes of a packed one reach the key by being stored. */
  open(keyspace: Keyspace, ref: Ref): SortedSetValue {
    if (!keyspace.isPacked(ref)) return keyspace.collection(ref) as SortedSetValue;
    const length = keyspace.stringLength(ref);
    // Room for some members more.
    const bytes = new Uint8Array(length + 48);
    keyspace.copyString(ref, 0, length, bytes, 0);
    const set = new SortedSetValue(this.#storage);
    loadPacked(set, bytes, length);
    return set;
  }

  create(): SortedSetValue {
    return new SortedSetValue(this.#storage);
  }
}
