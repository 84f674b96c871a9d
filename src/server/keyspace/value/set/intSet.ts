/**
 * A set of 64-bit integers in ascending order, each in as many bytes (2, 4 or 8) as the largest needs: Redis's intset without its header.
 * Integers come and go as numbers where they are safe, as bigints beyond.
 */

export type Integer = number | bigint;
export type IntegerBytes = 2 | 4 | 8;

const INT16_MIN = -32768;
const INT16_MAX = 32767;
const INT32_MIN = -2147483648;
const INT32_MAX = 2147483647;
const NOTHING = new Uint8Array(0);

/** Bytes that an integer needs. */
export function bytesFor(value: Integer): IntegerBytes {
  if (value >= INT16_MIN && value <= INT16_MAX) return 2;
  return value >= INT32_MIN && value <= INT32_MAX ? 4 : 8;
}

export class IntSet {
  bytes: Uint8Array;
  width: IntegerBytes;
  count: number;
  #view: DataView;

  /** @param bytes become this set's own; the integers are their first `width * count` ones, little-endian. */
  constructor(bytes: Uint8Array = NOTHING, width: IntegerBytes = 2, count = 0) {
    this.bytes = bytes;
    this.width = width;
    this.count = count;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get used(): number {
    return this.width * this.count;
  }

  /** The integer at this place, from 0 on. */
  at(place: number): Integer {
    const view = this.#view;
    if (this.width === 2) return view.getInt16(place * 2, true);
    if (this.width === 4) return view.getInt32(place * 4, true);
    const wide = view.getBigInt64(place * 8, true);
    const narrow = Number(wide);
    return Number.isSafeInteger(narrow) ? narrow : wide;
  }

  /** The place of the first integer that is not below `value`. */
  #lowerBound(value: Integer): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  has(value: Integer): boolean {
    if (bytesFor(value) > this.width) return false;
    const place = this.#lowerBound(value);
    return place < this.count && this.at(place) === value;
  }

  /** False if it is there already. */
  add(value: Integer): boolean {
    const needed = bytesFor(value);
    if (needed > this.width) this.#widen(needed);
    const place = this.#lowerBound(value);
    if (place < this.count && this.at(place) === value) return false;
    const { used, width } = this;
    this.#reserve(used + width);
    this.bytes.copyWithin((place + 1) * width, place * width, used);
    this.count++;
    this.#write(place, value);
    return true;
  }

  /** False if it is not there. */
  remove(value: Integer): boolean {
    if (bytesFor(value) > this.width) return false;
    const place = this.#lowerBound(value);
    if (place === this.count || this.at(place) !== value) return false;
    this.removeAt(place);
    return true;
  }

  removeAt(place: number): void {
    const { used, width } = this;
    this.bytes.copyWithin(place * width, (place + 1) * width, used);
    this.count--;
  }

  duplicate(): IntSet {
    return new IntSet(this.bytes.slice(0, this.used), this.width, this.count);
  }

  #write(place: number, value: Integer): void {
    const view = this.#view;
    if (this.width === 2) view.setInt16(place * 2, Number(value), true);
    else if (this.width === 4) view.setInt32(place * 4, Number(value), true);
    else view.setBigInt64(place * 8, BigInt(value), true);
  }

  #widen(width: IntegerBytes): void {
    const old = this.duplicate();
    this.#hold(new Uint8Array(width * (this.count + 1)));
    this.width = width;
    for (let place = 0; place < this.count; place++) this.#write(place, old.at(place));
  }

  #reserve(needed: number): void {
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(needed + (needed >>> 2) + 16);
    larger.set(this.bytes.subarray(0, this.used));
    this.#hold(larger);
  }

  #hold(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}
