/**
 * The small form of a hash: all fields one behind the other in a single byte array, in order of insertion.
 *
 * Why: a hash of a dozen short fields costs two or three bytes a field beyond its payload, and a scan of a few hundred
 * bytes is as quick as hashing. Lookup, insertion and removal are linear, so the owner keeps it small.
 *
 *     entry   | field length | value length * 2 + t | expiry      | field   | value   |
 *     bytes     1, 3 or 5      1, 3 or 5              6, if t = 1   length    length
 *
 * A length is one byte up to 253; 254 announces two bytes behind it, 255 four (little endian). `t` says that an expiry
 * follows: milliseconds since the epoch, 48 bits, little endian (the largest Redis accepts is 2^46).
 *
 * A position is an entry's offset plus one, so that 0 can say "no such field"; every change but `setExpireAt` to a field
 * that already has an expiry invalidates positions of entries behind it.
 *
 * Invariants: `used` <= bytes.length; the entries fill [0, used) exactly; `count` entries, `expiringCount` of them with t = 1.
 */
import { assert } from '../../../base/assert.ts';
import { copyBytes } from '../../../base/bytes.ts';
import { NO_EXPIRY } from '../keyspace.ts';

const SHORT_MAX = 253;
const MARK_16 = 254;
const MARK_32 = 255;
const EXPIRY_BYTES = 6;

/** Estimated cost of an array of its own beyond its bytes: view, buffer and backing store; V8 keeps up to 64 bytes inline. */
const INLINE_BYTES_MAX = 64;
const ARRAY_OVERHEAD_INLINE_BYTES = 72;
const ARRAY_OVERHEAD_BYTES = 240;
/** This object: header and five fields. */
const OBJECT_BYTES = 56;

const lengthBytes = (length: number): number => (length <= SHORT_MAX ? 1 : length <= 0xffff ? 3 : 5);

/** Bytes that an entry occupies. */
export function packedEntryBytes(fieldLength: number, valueLength: number, expires: boolean): number {
  const expiryBytes = expires ? EXPIRY_BYTES : 0;
  return lengthBytes(fieldLength) + lengthBytes(valueLength * 2) + expiryBytes + fieldLength + valueLength;
}

export class PackedFields {
  bytes: Uint8Array;
  used = 0;
  count = 0;
  expiringCount = 0;

  /** @param capacityBytes room to begin with; it grows as needed. */
  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  /** Bytes charged: array with its slack, and the objects around it. */
  memoryBytes(): number {
    const capacity = this.bytes.length;
    return (
      OBJECT_BYTES +
      capacity +
      (capacity <= INLINE_BYTES_MAX ? ARRAY_OVERHEAD_INLINE_BYTES : ARRAY_OVERHEAD_BYTES)
    );
  }

  /** Position of the field [start, end) of `buffer`, 0 if there is none. */
  find(buffer: Uint8Array, start: number, end: number): number {
    const { bytes, used } = this;
    const wanted = end - start;
    let at = 0;
    while (at < used) {
      let cursor = at;
      let fieldLength = bytes[cursor++]!;
      if (fieldLength > SHORT_MAX) {
        fieldLength = this.#lengthAt(at);
        cursor = at + lengthBytes(fieldLength);
      }
      let tail = bytes[cursor]!;
      if (tail > SHORT_MAX) {
        tail = this.#lengthAt(cursor);
        cursor += lengthBytes(tail);
      } else cursor++;
      if ((tail & 1) !== 0) cursor += EXPIRY_BYTES;
      if (fieldLength === wanted) {
        let i = 0;
        while (i < wanted && bytes[cursor + i] === buffer[start + i]) i++;
        if (i === wanted) return at + 1;
      }
      at = cursor + fieldLength + (tail >>> 1);
    }
    return 0;
  }

  /** Position of the first entry, 0 if empty. */
  first(): number {
    return this.used === 0 ? 0 : 1;
  }

  /** Position of the entry behind, 0 at the end. */
  next(position: number): number {
    const end = this.valueEnd(position);
    return end === this.used ? 0 : end + 1;
  }

  fieldLength(position: number): number {
    return this.#lengthAt(position - 1);
  }

  valueLength(position: number): number {
    return this.#lengthAt(this.#tailAt(position)) >>> 1;
  }

  /** The field is bytes [fieldStart, valueStart), its value [valueStart, valueEnd). */
  fieldStart(position: number): number {
    const tailAt = this.#tailAt(position);
    const tail = this.#lengthAt(tailAt);
    return tailAt + lengthBytes(tail) + ((tail & 1) !== 0 ? EXPIRY_BYTES : 0);
  }

  valueStart(position: number): number {
    return this.fieldStart(position) + this.#lengthAt(position - 1);
  }

  valueEnd(position: number): number {
    return this.valueStart(position) + this.valueLength(position);
  }

  /** Milliseconds since the epoch, or NO_EXPIRY. */
  expireAtMs(position: number): number {
    const tailAt = this.#tailAt(position);
    const tail = this.#lengthAt(tailAt);
    if ((tail & 1) === 0) return NO_EXPIRY;
    return this.#readExpiry(tailAt + lengthBytes(tail));
  }

  /** Makes room for `bytesMore` without slack: what a command knows that it will append. */
  reserve(bytesMore: number): void {
    const needed = this.used + bytesMore;
    if (needed > this.bytes.length) this.#resize(needed);
  }

  /** Adds a field that is not there yet; returns its position. */
  append(
    field: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): number {
    const expires = expireAtMs !== NO_EXPIRY;
    const at = this.used;
    const end = at + packedEntryBytes(fieldEnd - fieldStart, valueEnd - valueStart, expires);
    this.#ensure(end);
    let cursor = this.#writeLength(at, fieldEnd - fieldStart);
    cursor = this.#writeLength(cursor, (valueEnd - valueStart) * 2 + (expires ? 1 : 0));
    if (expires) {
      this.#writeExpiry(cursor, expireAtMs);
      cursor += EXPIRY_BYTES;
      this.expiringCount++;
    }
    copyBytes(field, fieldStart, fieldEnd, this.bytes, cursor);
    copyBytes(value, valueStart, valueEnd, this.bytes, cursor + fieldEnd - fieldStart);
    this.used = end;
    this.count++;
    return at + 1;
  }

  /** Replaces a field's value, its expiry unchanged. The value must not lie in this array. */
  setValue(position: number, value: Uint8Array, valueStart: number, valueEnd: number): void {
    const at = position - 1;
    const tailAt = this.#tailAt(position);
    const tail = this.#lengthAt(tailAt);
    const expiryBytes = (tail & 1) !== 0 ? EXPIRY_BYTES : 0;
    const fieldLength = this.#lengthAt(at);
    const oldStart = tailAt + lengthBytes(tail);
    const oldEnd = oldStart + expiryBytes + fieldLength + (tail >>> 1);
    const newTail = (valueEnd - valueStart) * 2 + (tail & 1);
    const newStart = tailAt + lengthBytes(newTail);
    const newEnd = newStart + expiryBytes + fieldLength + (newTail >>> 1);
    // What lies between the lengths and the value moves with the width of the value's length; what is behind, with its size.
    // The move that goes away from the other's source comes first.
    if (newEnd > oldEnd) {
      this.#moveTail(oldEnd, newEnd);
      this.#moveWithin(oldStart, newStart, expiryBytes + fieldLength);
    } else {
      this.#moveWithin(oldStart, newStart, expiryBytes + fieldLength);
      this.#moveTail(oldEnd, newEnd);
    }
    this.#writeLength(tailAt, newTail);
    copyBytes(value, valueStart, valueEnd, this.bytes, newStart + expiryBytes + fieldLength);
    this.#shrinkIfSparse();
  }

  /** Sets, changes or (NO_EXPIRY) drops a field's expiry. The position stays valid. */
  setExpireAt(position: number, expireAtMs: number): void {
    const tailAt = this.#tailAt(position);
    const tail = this.#lengthAt(tailAt);
    const at = tailAt + lengthBytes(tail);
    const had = (tail & 1) !== 0;
    if (expireAtMs === NO_EXPIRY) {
      if (!had) return;
      this.#moveTail(at + EXPIRY_BYTES, at);
      // Widths change behind odd numbers (253, 65535), so an even length and the odd one above it are equally wide.
      this.#writeLength(tailAt, tail - 1);
      this.expiringCount--;
      return;
    }
    if (!had) {
      this.#moveTail(at, at + EXPIRY_BYTES);
      this.#writeLength(tailAt, tail + 1);
      this.expiringCount++;
    }
    this.#writeExpiry(at, expireAtMs);
  }

  remove(position: number): void {
    const end = this.valueEnd(position);
    if (this.expireAtMs(position) !== NO_EXPIRY) this.expiringCount--;
    this.count--;
    this.#moveTail(end, position - 1);
    this.#shrinkIfSparse();
  }

  /** Removes up to `countMax` fields whose expiry lies before `nowMs`, in one pass; returns how many. */
  removeExpired(nowMs: number, countMax: number): number {
    const bytes = this.bytes;
    let removed = 0;
    let kept = 0;
    let runStart = 0;
    for (let at = 0; at < this.used && removed < countMax; ) {
      const end = this.valueEnd(at + 1);
      const expireAtMs = this.expireAtMs(at + 1);
      if (expireAtMs !== NO_EXPIRY && expireAtMs < nowMs) {
        if (kept !== runStart) bytes.copyWithin(kept, runStart, at);
        kept += at - runStart;
        runStart = end;
        removed++;
      }
      at = end;
    }
    this.count -= removed;
    this.expiringCount -= removed;
    this.#moveTail(runStart, kept);
    this.#shrinkIfSparse();
    return removed;
  }

  /** The earliest expiry of all fields, infinite if none expires. */
  earliestExpiryMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (let position = this.first(); position !== 0; position = this.next(position)) {
      const expireAtMs = this.expireAtMs(position);
      if (expireAtMs !== NO_EXPIRY && expireAtMs < earliestMs) earliestMs = expireAtMs;
    }
    return earliestMs;
  }

  duplicate(): PackedFields {
    const copy = new PackedFields(0);
    copy.bytes = this.bytes.slice(0, this.used);
    copy.used = this.used;
    copy.count = this.count;
    copy.expiringCount = this.expiringCount;
    return copy;
  }

  /** Offset of the second length. */
  #tailAt(position: number): number {
    return position - 1 + lengthBytes(this.#lengthAt(position - 1));
  }

  #lengthAt(at: number): number {
    const bytes = this.bytes;
    const first = bytes[at]!;
    if (first <= SHORT_MAX) return first;
    if (first === MARK_16) return bytes[at + 1]! | (bytes[at + 2]! << 8);
    return (bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 24)) >>> 0;
  }

  #writeLength(at: number, length: number): number {
    const bytes = this.bytes;
    if (length <= SHORT_MAX) {
      bytes[at] = length;
      return at + 1;
    }
    bytes[at + 1] = length & 0xff;
    bytes[at + 2] = (length >>> 8) & 0xff;
    if (length <= 0xffff) {
      bytes[at] = MARK_16;
      return at + 3;
    }
    bytes[at] = MARK_32;
    bytes[at + 3] = (length >>> 16) & 0xff;
    bytes[at + 4] = length >>> 24;
    return at + 5;
  }

  #readExpiry(at: number): number {
    const bytes = this.bytes;
    const low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    return low + (bytes[at + 4]! | (bytes[at + 5]! << 8)) * 0x1_0000_0000;
  }

  #writeExpiry(at: number, expireAtMs: number): void {
    assert(expireAtMs >= 0 && expireAtMs < 2 ** 48, 'a field expiry fits 48 bits');
    const bytes = this.bytes;
    const low = expireAtMs >>> 0;
    const high = Math.floor(expireAtMs / 0x1_0000_0000);
    bytes[at] = low & 0xff;
    bytes[at + 1] = (low >>> 8) & 0xff;
    bytes[at + 2] = (low >>> 16) & 0xff;
    bytes[at + 3] = low >>> 24;
    bytes[at + 4] = high & 0xff;
    bytes[at + 5] = high >>> 8;
  }

  /** Moves [from, used) so that it begins at `to`, and `used` with it. */
  #moveTail(from: number, to: number): void {
    if (from === to) return;
    const used = this.used + to - from;
    this.#ensure(used);
    this.bytes.copyWithin(to, from, this.used);
    this.used = used;
  }

  #moveWithin(from: number, to: number, length: number): void {
    if (from !== to) this.bytes.copyWithin(to, from, from + length);
  }

  /** Grows by an eighth at least: slack stays small, and appending n bytes copies O(n) of them over time. */
  #ensure(needed: number): void {
    if (needed > this.bytes.length) this.#resize(needed + (needed >>> 3) + 8);
  }

  /** Half empty and large enough to matter: give it back. */
  #shrinkIfSparse(): void {
    if (this.bytes.length > INLINE_BYTES_MAX * 2 && this.used < this.bytes.length >>> 1)
      this.#resize(this.used);
  }

  #resize(capacityBytes: number): void {
    const bytes = new Uint8Array(capacityBytes);
    bytes.set(this.used === this.bytes.length ? this.bytes : this.bytes.subarray(0, this.used));
    this.bytes = bytes;
  }
}
