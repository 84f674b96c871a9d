/** Sets as objects, whatever form they stand in. */
import type { Keyspace, KeyspaceFactory, Ref } from '../../keyspace.ts';
import { type FirstForm, loadPacked, SetValue } from './setValue.ts';

export class OpenSets {
  readonly #storage: KeyspaceFactory;

  constructor(storage: KeyspaceFactory) {
    this.#storage = storage;
  }

  /** The set of an entry, good until the command ends. Changes of a packed one reach the key by being stored. */
  open(keyspace: Keyspace, ref: Ref): SetValue {
    if (!keyspace.isPacked(ref)) return keyspace.collection(ref) as SetValue;
    const length = keyspace.stringLength(ref);
    // Room for some members more.
    const bytes = new Uint8Array(length + 32);
    keyspace.copyString(ref, 0, length, bytes, 0);
    const set = new SetValue(this.#storage);
    loadPacked(set, bytes, length);
    return set;
  }

  create(form: FirstForm): SetValue {
    return new SetValue(this.#storage, form);
  }
}
