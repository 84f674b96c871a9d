/**
 * Flag `adaptive-encoding`, baseline: a Map from field to an object with its value and expiry, and an array of them in order of insertion.
 *
 * What a good engineer writes first: lookup is one hash, a value is replaced by replacing it. It costs some 300 bytes a field beyond its
 * payload, most of them for the value's typed array.
 *
 * The order is an array and not the Map's own, because a ref must lead to its field. Removal moves what is behind it by one place: the
 * owner keeps it small.
 *
 * Invariants: #fields[i].index === i; the Map and the array hold the same fields; `used` is what PackedFields would have used.
 */
import { copyBytes, copyOf, fromLatin1 } from '../../../base/bytes.ts';
import { parseSafeInteger } from '../../../base/integer.ts';
import { NO_EXPIRY } from '../keyspace.ts';
import { arrayBytes } from '../record/heapBytes.ts';
import { EXPIRY_BYTES, packedEntryBytes } from './packedEntry.ts';
import type { FieldCursor, FieldRef, SmallFields } from './smallFields.ts';

/**
 * Heap bytes, measured on Node 24 as slopes over 100,000 hashes and over 1..64 fields: this object with an empty Map and array; a field's
 * object, Map entry and place; the header of its name.
 */
const OBJECT_BYTES = 430;
const FIELD_BYTES = 80;
const NAME_HEADER_BYTES = 16;

class PlainField {
  readonly name: string;
  value: Uint8Array;
  expireAtMs: number;
  /** Its place in the order. */
  index: number;

  constructor(name: string, value: Uint8Array, expireAtMs: number, index: number) {
    this.name = name;
    this.value = value;
    this.expireAtMs = expireAtMs;
    this.index = index;
  }

  packedBytes(): number {
    return packedEntryBytes(this.name.length, this.value.length, this.expireAtMs !== NO_EXPIRY);
  }
}

class PlainCursor implements FieldCursor {
  readonly #fields: readonly PlainField[];
  #next = 0;
  readonly fieldStart = 0;
  readonly valueStart = 0;
  field: Uint8Array = new Uint8Array(0);
  value = this.field;
  expireAtMs = NO_EXPIRY;

  constructor(fields: readonly PlainField[]) {
    this.#fields = fields;
  }

  get fieldEnd(): number {
    return this.field.length;
  }

  get valueEnd(): number {
    return this.value.length;
  }

  next(): boolean {
    if (this.#next === this.#fields.length) return false;
    const field = this.#fields[this.#next++]!;
    this.field = fromLatin1(field.name);
    this.value = field.value;
    this.expireAtMs = field.expireAtMs;
    return true;
  }
}

export class PlainFields implements SmallFields {
  readonly #byName = new Map<string, PlainField>();
  #fields: PlainField[] = [];
  #heapBytes = OBJECT_BYTES;
  used = 0;
  expiringCount = 0;

  get count(): number {
    return this.#fields.length;
  }

  memoryBytes(): number {
    return this.#heapBytes;
  }

  find(buffer: Uint8Array, start: number, end: number): FieldRef {
    const field = this.#byName.get(latin1(buffer, start, end));
    return field === undefined ? 0 : field.index + 1;
  }

  first(): FieldRef {
    return this.nth(0);
  }

  next(ref: FieldRef): FieldRef {
    return this.nth(ref);
  }

  nth(place: number): FieldRef {
    return place < this.#fields.length ? place + 1 : 0;
  }

  cursor(): FieldCursor {
    return new PlainCursor(this.#fields);
  }

  #at(ref: FieldRef): PlainField {
    return this.#fields[ref - 1]!;
  }

  fieldLength(ref: FieldRef): number {
    return this.#at(ref).name.length;
  }

  valueLength(ref: FieldRef): number {
    return this.#at(ref).value.length;
  }

  fieldBytes(ref: FieldRef): Uint8Array {
    return fromLatin1(this.#at(ref).name);
  }

  fieldStart(): number {
    return 0;
  }

  fieldEnd(ref: FieldRef): number {
    return this.fieldLength(ref);
  }

  valueBytes(ref: FieldRef): Uint8Array {
    return this.#at(ref).value;
  }

  valueStart(): number {
    return 0;
  }

  valueEnd(ref: FieldRef): number {
    return this.valueLength(ref);
  }

  safeInteger(ref: FieldRef): number {
    const { value } = this.#at(ref);
    return parseSafeInteger(value, 0, value.length);
  }

  expireAtMs(ref: FieldRef): number {
    return this.#at(ref).expireAtMs;
  }

  /** Neither a Map nor an array of objects gains by being told. */
  reserve(): void {}

  append(
    field: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): FieldRef {
    return this.#append(latin1(field, fieldStart, fieldEnd), copyOf(value, valueStart, valueEnd), expireAtMs);
  }

  #append(name: string, value: Uint8Array, expireAtMs: number): FieldRef {
    const added = new PlainField(name, value, expireAtMs, this.#fields.length);
    this.#byName.set(name, added);
    this.#fields.push(added);
    this.#count(added, 1);
    return added.index + 1;
  }

  /** Takes a field into the sums, or (sign -1) out of them. */
  #count(field: PlainField, sign: 1 | -1): void {
    this.#heapBytes +=
      sign * (FIELD_BYTES + NAME_HEADER_BYTES + field.name.length + arrayBytes(field.value.length));
    this.used += sign * field.packedBytes();
    if (field.expireAtMs !== NO_EXPIRY) this.expiringCount += sign;
  }

  setValue(ref: FieldRef, value: Uint8Array, valueStart: number, valueEnd: number): void {
    const field = this.#at(ref);
    if (field.value.length === valueEnd - valueStart) {
      copyBytes(value, valueStart, valueEnd, field.value, 0);
      return;
    }
    this.#count(field, -1);
    field.value = copyOf(value, valueStart, valueEnd);
    this.#count(field, 1);
  }

  setExpireAt(ref: FieldRef, expireAtMs: number): void {
    const field = this.#at(ref);
    const change = Number(expireAtMs !== NO_EXPIRY) - Number(field.expireAtMs !== NO_EXPIRY);
    this.expiringCount += change;
    this.used += change * EXPIRY_BYTES;
    field.expireAtMs = expireAtMs;
  }

  remove(ref: FieldRef): void {
    const field = this.#at(ref);
    this.#count(field, -1);
    this.#byName.delete(field.name);
    this.#fields.splice(field.index, 1);
    for (let i = field.index; i < this.#fields.length; i++) this.#fields[i]!.index = i;
  }

  removeExpired(nowMs: number, countMax: number): number {
    let removed = 0;
    this.#fields = this.#fields.filter((field, place) => {
      const isDue = removed < countMax && field.expireAtMs !== NO_EXPIRY && field.expireAtMs < nowMs;
      field.index = place - removed;
      if (!isDue) return true;
      this.#count(field, -1);
      this.#byName.delete(field.name);
      removed++;
      return false;
    });
    return removed;
  }

  earliestExpiryMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { expireAtMs } of this.#fields)
      if (expireAtMs !== NO_EXPIRY && expireAtMs < earliestMs) earliestMs = expireAtMs;
    return earliestMs;
  }

  duplicate(): PlainFields {
    const copy = new PlainFields();
    for (const { name, value, expireAtMs } of this.#fields) copy.#append(name, copyOf(value), expireAtMs);
    return copy;
  }
}

const latin1 = (buffer: Uint8Array, start: number, end: number): string =>
  Buffer.prototype.latin1Slice.call(buffer, start, end);
