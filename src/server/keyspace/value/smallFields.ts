/**
 * The fields of a small hash, behind the two sides of flag `adaptive-encoding`: `plainFields.ts` (baseline) and `packedFields.ts`. A process
 * holds one. Fields stand in order of insertion, as in a listpack of Redis: replies show it, so both sides keep it.
 *
 * A FieldRef is a number from 1 on that names a field until the next change; 0 is "no such field". A change leaves the ref of the changed
 * field valid.
 */

/** Names a field until the next change; 0 is "no such field". */
export type FieldRef = number;

/** Walks through the fields in order. They must not change under it. */
export interface FieldCursor {
  /** The current field is bytes [fieldStart, fieldEnd) of `field`, its value [valueStart, valueEnd) of `value`: read-only. */
  readonly field: Uint8Array;
  readonly fieldStart: number;
  readonly fieldEnd: number;
  readonly value: Uint8Array;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Absolute ms, or NO_EXPIRY. */
  readonly expireAtMs: number;
  /** Moves to the next field, at first to the first; false at the end. */
  next(): boolean;
}

export interface SmallFields {
  readonly count: number;
  /** Fields with an expiry. */
  readonly expiringCount: number;
  /** Bytes that the fields take in the packed layout: what decides, on both sides, when a hash is small no more. */
  readonly used: number;
  /** Bytes charged: slack and the objects around included. */
  memoryBytes(): number;

  find(buffer: Uint8Array, start: number, end: number): FieldRef;
  /** The first field, 0 if there is none. */
  first(): FieldRef;
  /** The field behind, 0 at the end. */
  next(ref: FieldRef): FieldRef;
  /** The field at this place, from 0 on. */
  nth(place: number): FieldRef;
  cursor(): FieldCursor;

  fieldLength(ref: FieldRef): number;
  valueLength(ref: FieldRef): number;
  /** The field is bytes [fieldStart, fieldEnd) of this: read-only, valid until the next change. */
  fieldBytes(ref: FieldRef): Uint8Array;
  fieldStart(ref: FieldRef): number;
  fieldEnd(ref: FieldRef): number;
  /** The value is bytes [valueStart, valueEnd) of this: read-only, valid until the next change. */
  valueBytes(ref: FieldRef): Uint8Array;
  valueStart(ref: FieldRef): number;
  valueEnd(ref: FieldRef): number;
  /** The value as a safe integer, NaN if it is none. */
  safeInteger(ref: FieldRef): number;
  /** Absolute ms, or NO_EXPIRY. */
  expireAtMs(ref: FieldRef): number;

  /** Makes room for `bytesMore` bytes of the packed layout: what a command knows that it will append. */
  reserve(bytesMore: number): void;
  /** Adds a field that is not there yet. */
  append(
    field: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): FieldRef;
  /** Replaces a field's value, its expiry unchanged. The value must not lie in these fields. */
  setValue(ref: FieldRef, value: Uint8Array, valueStart: number, valueEnd: number): void;
  /** Sets, changes or (NO_EXPIRY) drops a field's expiry. */
  setExpireAt(ref: FieldRef, expireAtMs: number): void;
  remove(ref: FieldRef): void;
  /** Removes up to `countMax` fields whose expiry lies before `nowMs`, in one pass; returns how many. */
  removeExpired(nowMs: number, countMax: number): number;
  /** The earliest expiry of all fields, infinite if none expires. */
  earliestExpiryMs(): number;
  duplicate(): SmallFields;
}

/** @param capacityBytes room to begin with, bytes of the packed layout; it grows as needed. */
export type CreateSmallFields = (capacityBytes: number) => SmallFields;
