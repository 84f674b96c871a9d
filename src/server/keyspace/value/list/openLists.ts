/** Lists as objects, whatever form they stand in: packed ones are unpacked into a few objects that are used again and again. */
import type { Keyspace, KeyspaceFactory, Ref } from '../../keyspace.ts';
import { Listpack } from '../listpack.ts';
import { COUNT_BYTES, ListValue } from './listValue.ts';

/** A command holds no more lists than this at a time. */
const SLOTS = 4;
const SLOT_BYTES = 1024;
/** A slot's memory grown beyond this by one large list is given back. */
const SLOT_BYTES_MAX = 64 * 1024;

export class OpenLists {
  readonly #slots: { readonly list: ListValue; node: Listpack }[];
  #next = 0;

  constructor(storage: KeyspaceFactory) {
    this.#slots = Array.from({ length: SLOTS }, () => ({
      list: new ListValue(storage),
      node: new Listpack(new Uint8Array(SLOT_BYTES)),
    }));
  }

  /** The list of an entry, good until the command ends. Changes of a packed one reach the key by being stored. */
  open(keyspace: Keyspace, ref: Ref): ListValue {
    if (!keyspace.isPacked(ref)) return keyspace.collection(ref) as ListValue;
    const slot = this.#take();
    const { node } = slot;
    const length = keyspace.stringLength(ref);
    // Room for what a push adds, so that the bytes seldom move again.
    if (node.bytes.length < length * 2) node.bytes = new Uint8Array(length * 2);
    const { bytes } = node;
    keyspace.copyString(ref, 0, COUNT_BYTES, bytes, 0);
    node.count = bytes[0]! | (bytes[1]! << 8);
    keyspace.copyString(ref, COUNT_BYTES, length, bytes, 0);
    node.used = length - COUNT_BYTES;
    slot.list.load(node);
    return slot.list;
  }

  /** An empty one, packed. */
  create(): ListValue {
    const { list, node } = this.#take();
    node.clear();
    list.load(node);
    return list;
  }

  #take(): { readonly list: ListValue; node: Listpack } {
    this.#next = (this.#next + 1) % SLOTS;
    const slot = this.#slots[this.#next]!;
    if (slot.node.bytes.length > SLOT_BYTES_MAX) slot.node = new Listpack(new Uint8Array(SLOT_BYTES));
    return slot;
  }
}
