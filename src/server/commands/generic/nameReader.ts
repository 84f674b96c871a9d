import type { Keyspace, Ref } from '../../keyspace/keyspace.ts';

/** Reads one key after the other into the same bytes, for looking at many keys without keeping them. */
export class NameReader {
  readonly #keyspace: Keyspace;
  #bytes = new Uint8Array(128);
  /** Of the key read last. */
  length = 0;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  /** The key in bytes [0, length) of what is returned, until the next call. */
  read(ref: Ref): Uint8Array {
    const length = this.#keyspace.keyLength(ref);
    if (length > this.#bytes.length) this.#bytes = new Uint8Array(length * 2);
    this.#keyspace.copyKey(ref, this.#bytes, 0);
    this.length = length;
    return this.#bytes;
  }
}
