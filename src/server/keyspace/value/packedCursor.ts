import { NO_EXPIRY } from '../keyspace.ts';
import { EXPIRY_BYTES, expiryAt, lengthAt, lengthBytes } from './packedEntry.ts';
import type { FieldCursor } from './smallFields.ts';

/** Walks through packed fields, decoding each entry once. */
export class PackedCursor implements FieldCursor {
  /** Field and value lie in the same array. */
  readonly field: Uint8Array;
  readonly value: Uint8Array;
  readonly #used: number;
  fieldStart = 0;
  valueStart = 0;
  valueEnd = 0;
  expireAtMs = NO_EXPIRY;

  /** @param used the fields fill [0, used) of `bytes`. */
  constructor(bytes: Uint8Array, used: number) {
    this.field = bytes;
    this.value = bytes;
    this.#used = used;
  }

  /** The value follows its field. */
  get fieldEnd(): number {
    return this.valueStart;
  }

  next(): boolean {
    const bytes = this.field;
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
