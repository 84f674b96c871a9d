import { NO_EXPIRY } from '../keyspace.ts';
import { EXPIRY_BYTES, expiryAt, lengthAt, lengthBytes } from './packedEntry.ts';

/** Walks through packed fields, decoding each entry once. The fields must not change under it. */
export class PackedCursor {
  readonly #bytes: Uint8Array;
  readonly #used: number;
  /** Of the current entry: the field is bytes [fieldStart, valueStart), its value [valueStart, valueEnd). */
  fieldStart = 0;
  valueStart = 0;
  valueEnd = 0;
  expireAtMs = NO_EXPIRY;

  /** @param used the fields fill [0, used) of `bytes`. */
  constructor(bytes: Uint8Array, used: number) {
    this.#bytes = bytes;
    this.#used = used;
  }

  /** Moves to the next entry, at first to the first; false at the end. */
  next(): boolean {
    const bytes = this.#bytes;
    let at = this.valueEnd;
    if (at === this.#used) return false;
    const fieldLength = lengthAt(bytes, at);
    at += lengthBytes(fieldLength);
    const tail = lengthAt(bytes, at);
    at += lengthBytes(tail);
    if ((tail & 1) !== 0) {
      this.expireAtMs = expiryAt(bytes, at);
      at += EXPIRY_BYTES;
    } else {
      this.expireAtMs = NO_EXPIRY;
    }
    this.fieldStart = at;
    this.valueStart = at + fieldLength;
    this.valueEnd = at + fieldLength + (tail >>> 1);
    return true;
  }
}
