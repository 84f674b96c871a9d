/**
 * Flag `adaptive-encoding`, candidate: the small form of a hash as bytes, all fields one behind the other in a single byte array, in order of insertion; `packedEntry.ts` has
 * the layout of each.
 *
 * Why: a hash of a dozen short fields costs two or three bytes a field beyond its payload, and a scan of a few hundred
 * bytes is as quick as hashing. Lookup, insertion and removal are linear, so the owner keeps it small.
 *
 * A position is an entry's offset plus one, so that 0 can say "no such field". Every change invalidates the positions of the
 * entries behind it; the changed entry keeps its own.
 *
 * Invariants: `used` <= bytes.length; the entries fill [0, used) exactly; `count` entries, `expiringCount` of them with t = 1.
 */
import { copyBytes } from '../../../base/bytes.ts';
import { parseSafeInteger } from '../../../base/integer.ts';
import { NO_EXPIRY } from '../keyspace.ts';
import { arrayBytes } from '../record/heapBytes.ts';
import { PackedCursor } from './packedCursor.ts';
import {
  EXPIRY_BYTES,
  expiryAt,
  lengthAt,
  lengthBytes,
  packedEntryBytes,
  SHORT_MAX,
  writeExpiry,
  writeLength,
} from './packedEntry.ts';
import type { SmallFields } from './smallFields.ts';

const NOTHING = new Uint8Array(0);

/** Arrays up to this size are not worth shrinking. */
const SHRINK_BYTES_MIN = 128;
/** This object: header and five fields. */
const OBJECT_BYTES = 56;

export class PackedFields implements SmallFields {
  bytes: Uint8Array;
  used = 0;
  count = 0;
  expiringCount = 0;

  /** @param capacityBytes room to begin with; it grows as needed. */
  constructor(capacityBytes: number) {
    this.bytes = capacityBytes === 0 ? NOTHING : new Uint8Array(capacityBytes);
  }

  memoryBytes(): number {
    return OBJECT_BYTES + arrayBytes(this.bytes.length);
  }

  find(buffer: Uint8Array, start: number, end: number): number {
    const { bytes, used } = this;
    const wanted = end - start;
    const last = wanted === 0 ? 0 : buffer[end - 1]!;
    let at = 0;
    while (at < used) {
      let cursor = at;
      let fieldLength = bytes[cursor++]!;
      if (fieldLength > SHORT_MAX) {
        fieldLength = lengthAt(this.bytes, at);
        cursor = at + lengthBytes(fieldLength);
      }
      let tail = bytes[cursor]!;
      if (tail > SHORT_MAX) {
        tail = lengthAt(this.bytes, cursor);
        cursor += lengthBytes(tail);
      } else cursor++;
      if ((tail & 1) !== 0) cursor += EXPIRY_BYTES;
      // Fields of one hash often begin alike, so the last byte tells them apart sooner.
      if (fieldLength === wanted && (wanted === 0 || bytes[cursor + wanted - 1] === last)) {
        let i = 0;
        while (i < wanted && bytes[cursor + i] === buffer[start + i]) i++;
        if (i === wanted) return at + 1;
      }
      at = cursor + fieldLength + (tail >>> 1);
    }
    return 0;
  }

  first(): number {
    return this.used === 0 ? 0 : 1;
  }

  next(position: number): number {
    const end = this.valueEnd(position);
    return end === this.used ? 0 : end + 1;
  }

  nth(place: number): number {
    let position = this.first();
    for (let skip = place; skip > 0; skip--) position = this.next(position);
    return position;
  }

  fieldLength(position: number): number {
    return lengthAt(this.bytes, position - 1);
  }

  valueLength(position: number): number {
    return lengthAt(this.bytes, this.#tailAt(position)) >>> 1;
  }

  fieldBytes(): Uint8Array {
    return this.bytes;
  }

  valueBytes(): Uint8Array {
    return this.bytes;
  }

  /** The value follows its field. */
  fieldEnd(position: number): number {
    return this.valueStart(position);
  }

  fieldStart(position: number): number {
    const tailAt = this.#tailAt(position);
    const tail = lengthAt(this.bytes, tailAt);
    return tailAt + lengthBytes(tail) + ((tail & 1) !== 0 ? EXPIRY_BYTES : 0);
  }

  valueStart(position: number): number {
    return this.fieldStart(position) + lengthAt(this.bytes, position - 1);
  }

  valueEnd(position: number): number {
    return this.valueStart(position) + this.valueLength(position);
  }

  safeInteger(position: number): number {
    const start = this.valueStart(position);
    return parseSafeInteger(this.bytes, start, start + this.valueLength(position));
  }

  expireAtMs(position: number): number {
    const tailAt = this.#tailAt(position);
    const tail = lengthAt(this.bytes, tailAt);
    if ((tail & 1) === 0) return NO_EXPIRY;
    return expiryAt(this.bytes, tailAt + lengthBytes(tail));
  }

  cursor(): PackedCursor {
    return new PackedCursor(this.bytes, this.used);
  }

  /** Without slack. */
  reserve(bytesMore: number): void {
    const needed = this.used + bytesMore;
    if (needed > this.bytes.length) this.#resize(needed);
  }

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
    let cursor = writeLength(this.bytes, at, fieldEnd - fieldStart);
    cursor = writeLength(this.bytes, cursor, (valueEnd - valueStart) * 2 + (expires ? 1 : 0));
    if (expires) {
      writeExpiry(this.bytes, cursor, expireAtMs);
      cursor += EXPIRY_BYTES;
      this.expiringCount++;
    }
    copyBytes(field, fieldStart, fieldEnd, this.bytes, cursor);
    copyBytes(value, valueStart, valueEnd, this.bytes, cursor + fieldEnd - fieldStart);
    this.used = end;
    this.count++;
    return at + 1;
  }

  setValue(position: number, value: Uint8Array, valueStart: number, valueEnd: number): void {
    const at = position - 1;
    const tailAt = this.#tailAt(position);
    const tail = lengthAt(this.bytes, tailAt);
    const expiryBytes = (tail & 1) !== 0 ? EXPIRY_BYTES : 0;
    const fieldLength = lengthAt(this.bytes, at);
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
    writeLength(this.bytes, tailAt, newTail);
    copyBytes(value, valueStart, valueEnd, this.bytes, newStart + expiryBytes + fieldLength);
    this.#shrinkIfSparse();
  }

  setExpireAt(position: number, expireAtMs: number): void {
    const tailAt = this.#tailAt(position);
    const tail = lengthAt(this.bytes, tailAt);
    const at = tailAt + lengthBytes(tail);
    const had = (tail & 1) !== 0;
    if (expireAtMs === NO_EXPIRY) {
      if (!had) return;
      this.#moveTail(at + EXPIRY_BYTES, at);
      // Widths change behind odd numbers (253, 65535), so an even length and the odd one above it are equally wide.
      writeLength(this.bytes, tailAt, tail - 1);
      this.expiringCount--;
      return;
    }
    if (!had) {
      this.#moveTail(at, at + EXPIRY_BYTES);
      writeLength(this.bytes, tailAt, tail + 1);
      this.expiringCount++;
    }
    writeExpiry(this.bytes, at, expireAtMs);
  }

  remove(position: number): void {
    const end = this.valueEnd(position);
    if (this.expireAtMs(position) !== NO_EXPIRY) this.expiringCount--;
    this.count--;
    this.#moveTail(end, position - 1);
    this.#shrinkIfSparse();
  }

  removeExpired(nowMs: number, countMax: number): number {
    const bytes = this.bytes;
    let removed = 0;
    let kept = 0;
    let runStart = 0;
    const cursor = this.cursor();
    for (let at = 0; removed < countMax && cursor.next(); at = cursor.valueEnd) {
      const { expireAtMs } = cursor;
      if (expireAtMs === NO_EXPIRY || expireAtMs >= nowMs) continue;
      if (kept !== runStart) bytes.copyWithin(kept, runStart, at);
      kept += at - runStart;
      runStart = cursor.valueEnd;
      removed++;
    }
    this.count -= removed;
    this.expiringCount -= removed;
    this.#moveTail(runStart, kept);
    this.#shrinkIfSparse();
    return removed;
  }

  earliestExpiryMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    const cursor = this.cursor();
    while (cursor.next()) {
      const { expireAtMs } = cursor;
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
    return position - 1 + lengthBytes(lengthAt(this.bytes, position - 1));
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
    if (this.bytes.length > SHRINK_BYTES_MIN && this.used < this.bytes.length >>> 1) this.#resize(this.used);
  }

  #resize(capacityBytes: number): void {
    const bytes = new Uint8Array(capacityBytes);
    bytes.set(this.used === this.bytes.length ? this.bytes : this.bytes.subarray(0, this.used));
    this.bytes = bytes;
  }
}
