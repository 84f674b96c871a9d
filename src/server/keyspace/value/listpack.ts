/**
 * A sequence of strings packed into bytes, in the encoding of Redis's listpacks (`serialization/listpack.ts` has the format) without
 * their header and end mark: small lists, sets and sorted sets, and the nodes of large lists.
 *
 * An entry is named by its offset, which dies with the next change; -1 is none. Integers in canonical form take 1 to 9 bytes and read
 * as their text again.
 *
 * Invariants: the entries fill [0, used) exactly; `count` of them.
 */
import { copyBytes, fromLatin1 } from '../../../base/bytes.ts';
import { parseInt64, parseSafeInteger, writeInteger } from '../../../base/integer.ts';
import type { Reply } from '../../commands/reply.ts';

/** What Redis's form has besides: header and end mark. Limits of sizes count them. */
export const LISTPACK_FRAME_BYTES = 7;
/** An int64 has at most 20 characters. */
const INTEGER_TEXT_MAX = 20;
const NOTHING = new Uint8Array(0);

/** Bytes that the backward length of an entry of `length` bytes takes. */
export function backLengthBytes(length: number): number {
  if (length <= 127) return 1;
  if (length < 16383) return 2;
  if (length < 2097151) return 3;
  return length < 268435455 ? 4 : 5;
}

/** Bytes of the encoding and data of the entry at `at`. */
export function entryLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc0) return 1 + (first & 0x3f);
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 2 + ((first & 15) << 8) + bytes[at + 1]!;
  if (first === 0xf0)
    return (
      5 + bytes[at + 1]! + bytes[at + 2]! * 0x100 + bytes[at + 3]! * 0x1_0000 + bytes[at + 4]! * 0x100_0000
    );
  return first === 0xf1 ? 3 : first === 0xf2 ? 4 : first === 0xf3 ? 5 : 9;
}

/** A string to be looked for or put in, with what is known of it. */
export class Probe {
  readonly buffer: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** As a safe integer, NaN if it is none. */
  readonly integer: number;
  /** As an integer beyond that. */
  readonly wide: bigint | undefined;

  constructor(buffer: Uint8Array, start: number, end: number) {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    const mayBeInteger = end - start <= INTEGER_TEXT_MAX;
    this.integer = mayBeInteger ? parseSafeInteger(buffer, start, end) : Number.NaN;
    this.wide =
      mayBeInteger && end - start > 15 && Number.isNaN(this.integer)
        ? parseInt64(buffer, start, end)
        : undefined;
  }

  get isInteger(): boolean {
    return !Number.isNaN(this.integer) || this.wide !== undefined;
  }

  /** Bytes of encoding and data that it takes as an entry. */
  get entryLength(): number {
    if (!Number.isNaN(this.integer)) return integerLengthOf(this.integer);
    if (this.wide !== undefined) return 9;
    const length = this.end - this.start;
    return length + (length < 64 ? 1 : length < 4096 ? 2 : 5);
  }
}

function integerLengthOf(value: number): number {
  if (value >= 0 && value <= 127) return 1;
  if (value >= -4096 && value <= 4095) return 2;
  if (value >= -32768 && value <= 32767) return 3;
  if (value >= -8388608 && value <= 8388607) return 4;
  return value >= -2147483648 && value <= 2147483647 ? 5 : 9;
}

const digits = new Uint8Array(INTEGER_TEXT_MAX);

export class Listpack {
  bytes: Uint8Array;
  used: number;
  count: number;

  /** @param bytes become this listpack's own; the entries are their first `used` bytes. */
  constructor(bytes: Uint8Array = NOTHING, used = 0, count = 0) {
    this.bytes = bytes;
    this.used = used;
    this.count = count;
  }

  /** Size in Redis's form. */
  get framedBytes(): number {
    return this.used + LISTPACK_FRAME_BYTES;
  }

  // --- walking --------------------------------------------------------------------------------------------------------------

  first(): number {
    return this.used === 0 ? -1 : 0;
  }

  last(): number {
    return this.used === 0 ? -1 : this.#before(this.used);
  }

  next(at: number): number {
    const length = entryLength(this.bytes, at);
    const next = at + length + backLengthBytes(length);
    return next === this.used ? -1 : next;
  }

  previous(at: number): number {
    return at === 0 ? -1 : this.#before(at);
  }

  #before(end: number): number {
    const { bytes } = this;
    let at = end - 1;
    let length = bytes[at]! & 127;
    for (let shift = 7; bytes[at]! > 127; shift += 7) length += (bytes[--at]! & 127) * 2 ** shift;
    return at - length;
  }

  /** The entry at this place, from 0 on; the place must exist. Walks from the nearer end. */
  nth(place: number): number {
    if (place * 2 <= this.count) {
      let at = 0;
      for (let i = 0; i < place; i++) at = this.next(at);
      return at;
    }
    let at = this.last();
    for (let i = this.count - 1; i > place; i--) at = this.#before(at);
    return at;
  }

  /** Where the entry ends. */
  endOf(at: number): number {
    const length = entryLength(this.bytes, at);
    return at + length + backLengthBytes(length);
  }

  // --- reading --------------------------------------------------------------------------------------------------------------

  /** The integer that the entry is, NaN if it is a string or no safe integer. */
  integerAt(at: number): number {
    const { bytes } = this;
    const first = bytes[at]!;
    if (first < 0x80) return first;
    if (first < 0xc0) return Number.NaN;
    if (first < 0xe0) {
      const bits = ((first & 0x1f) << 8) | bytes[at + 1]!;
      return bits >= 4096 ? bits - 8192 : bits;
    }
    if (first === 0xf1) return ((bytes[at + 1]! | (bytes[at + 2]! << 8)) << 16) >> 16;
    if (first === 0xf2) return ((bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16)) << 8) >> 8;
    if (first === 0xf3)
      return bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 24);
    if (first !== 0xf4) return Number.NaN;
    const wide = this.#wideAt(at);
    const value = Number(wide);
    return Number.isSafeInteger(value) ? value : Number.NaN;
  }

  /** The integer that the entry is, a number where that is safe; it must be one. */
  int64At(at: number): number | bigint {
    const value = this.integerAt(at);
    return Number.isNaN(value) ? this.#wideAt(at) : value;
  }

  #wideAt(at: number): bigint {
    let value = 0n;
    for (let i = 8; i > 0; i--) value = (value << 8n) | BigInt(this.bytes[at + i]!);
    return BigInt.asIntN(64, value);
  }

  isString(at: number): boolean {
    const first = this.bytes[at]!;
    return (first >= 0x80 && first < 0xc0) || (first >= 0xe0 && first <= 0xf0);
  }

  /** Of a string entry: where its characters begin. */
  stringStart(at: number): number {
    const first = this.bytes[at]!;
    return at + (first < 0xc0 ? 1 : first < 0xf0 ? 2 : 5);
  }

  /** Of a string entry: where its characters end. */
  stringEnd(at: number): number {
    return at + entryLength(this.bytes, at);
  }

  /** The entry's text: in place, or of an integer a copy. Valid until the next change. */
  view(at: number): Uint8Array {
    if (this.isString(at)) return this.bytes.subarray(this.stringStart(at), this.stringEnd(at));
    return this.text(at);
  }

  /** The entry's text as bytes of its own. */
  text(at: number): Uint8Array {
    if (this.isString(at)) return this.bytes.slice(this.stringStart(at), this.stringEnd(at));
    const value = this.integerAt(at);
    if (Number.isNaN(value)) return fromLatin1(this.#wideAt(at).toString());
    return digits.slice(0, writeInteger(digits, 0, value));
  }

  reply(reply: Reply, at: number): void {
    if (this.isString(at)) return reply.bulk(this.bytes, this.stringStart(at), this.stringEnd(at));
    const value = this.integerAt(at);
    if (Number.isNaN(value)) reply.bulkText(this.#wideAt(at).toString());
    else reply.bulk(digits, 0, writeInteger(digits, 0, value));
  }

  equals(at: number, probe: Probe): boolean {
    if (probe.isInteger) {
      if (this.isString(at)) return false;
      const value = this.integerAt(at);
      return Number.isNaN(value) ? this.#wideAt(at) === probe.wide : value === probe.integer;
    }
    if (!this.isString(at)) return false;
    const start = this.stringStart(at);
    const length = probe.end - probe.start;
    if (this.stringEnd(at) - start !== length) return false;
    const { bytes } = this;
    const { buffer } = probe;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== buffer[probe.start + i]) return false;
    return true;
  }

  /** The first entry from `at` on that equals, looking at every `stride`th one; -1 if there is none. */
  find(probe: Probe, at = this.first(), stride = 1): number {
    let place = at;
    while (place >= 0) {
      if (this.equals(place, probe)) return place;
      for (let i = 0; i < stride && place >= 0; i++) place = this.next(place);
    }
    return -1;
  }

  // --- changing -------------------------------------------------------------------------------------------------------------

  /** Puts an entry before the one at `at`, or at the end if that is `used`. */
  insert(at: number, probe: Probe): void {
    const length = probe.entryLength;
    const size = length + backLengthBytes(length);
    this.#open(at, size);
    this.#write(at, probe, length);
    this.count++;
  }

  append(probe: Probe): void {
    this.insert(this.used, probe);
  }

  replace(at: number, probe: Probe): void {
    const length = probe.entryLength;
    const size = length + backLengthBytes(length);
    const old = this.endOf(at) - at;
    if (size > old) this.#open(at, size - old);
    else if (size < old) this.#close(at, at + old - size);
    this.#write(at, probe, length);
  }

  /** Removes the entry at `at`; what follows is at `at` then, if anything is. */
  remove(at: number): void {
    this.#close(at, this.endOf(at));
    this.count--;
  }

  /** Removes the entries in bytes [from, to), `count` of them. */
  removeRange(from: number, to: number, count: number): void {
    this.#close(from, to);
    this.count -= count;
  }

  /** Removes `count` entries from the one at this place on. */
  removePlaces(place: number, count: number): void {
    if (count === 0) return;
    const from = this.nth(place);
    let to = from;
    if (place + count === this.count) to = this.used;
    else for (let i = 0; i < count; i++) to = this.endOf(to);
    this.removeRange(from, to, count);
  }

  /** Removes up to `countMax` entries equal to `probe`, from the first on or (`backwards`) the last; how many. */
  removeEqual(probe: Probe, countMax: number, backwards: boolean): number {
    let removed = 0;
    let at = backwards ? this.last() : this.first();
    while (at >= 0 && removed < countMax) {
      const isEqual = this.equals(at, probe);
      // What is removed backwards moves only what has been looked at.
      const next = backwards ? this.previous(at) : isEqual ? at : this.next(at);
      if (isEqual) {
        this.remove(at);
        removed++;
      }
      at = next === this.used ? -1 : next;
    }
    return removed;
  }

  /** Takes the entries from byte `at` on, `count` of them, out into a listpack of their own. */
  split(at: number, count: number): Listpack {
    const tail = new Listpack(this.bytes.slice(at, this.used), this.used - at, count);
    this.used = at;
    this.count -= count;
    return tail;
  }

  appendAll(other: Listpack): void {
    this.#reserve(this.used + other.used);
    copyBytes(other.bytes, 0, other.used, this.bytes, this.used);
    this.used += other.used;
    this.count += other.count;
  }

  clear(): void {
    this.used = 0;
    this.count = 0;
  }

  /** Gives back room that is not used. */
  trim(): void {
    if (this.used < this.bytes.length) this.bytes = this.bytes.slice(0, this.used);
  }

  duplicate(): Listpack {
    return new Listpack(this.bytes.slice(0, this.used), this.used, this.count);
  }

  #write(at: number, probe: Probe, length: number): void {
    const { bytes } = this;
    if (!Number.isNaN(probe.integer)) this.#writeInteger(at, probe.integer, length);
    else if (probe.wide !== undefined) this.#writeWide(at, probe.wide);
    else {
      const size = probe.end - probe.start;
      let to = at;
      if (size < 64) {
        bytes[to++] = 0x80 | size;
      } else if (size < 4096) {
        bytes[to++] = 0xe0 | (size >> 8);
        bytes[to++] = size;
      } else {
        bytes[to++] = 0xf0;
        for (let shift = 0; shift < 32; shift += 8) bytes[to++] = size >>> shift;
      }
      copyBytes(probe.buffer, probe.start, probe.end, bytes, to);
    }
    let to = at + length;
    const groups = backLengthBytes(length);
    for (let group = groups - 1; group >= 0; group--) {
      const bits = Math.floor(length / 2 ** (7 * group)) & 127;
      bytes[to++] = group === groups - 1 ? bits : bits | 128;
    }
  }

  #writeInteger(at: number, value: number, length: number): void {
    const { bytes } = this;
    if (length === 1) bytes[at] = value;
    else if (length === 2) {
      bytes[at] = 0xc0 | ((value & 0x1fff) >> 8);
      bytes[at + 1] = value;
    } else if (length === 9) this.#writeWide(at, BigInt(value));
    else {
      bytes[at] = 0xee + length;
      for (let i = 1; i < length; i++) bytes[at + i] = value >> (8 * (i - 1));
    }
  }

  #writeWide(at: number, value: bigint): void {
    this.bytes[at] = 0xf4;
    for (let i = 0; i < 8; i++) this.bytes[at + 1 + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  }

  #open(at: number, size: number): void {
    this.#reserve(this.used + size);
    if (at < this.used) this.bytes.copyWithin(at + size, at, this.used);
    this.used += size;
  }

  #close(from: number, to: number): void {
    if (to < this.used) this.bytes.copyWithin(from, to, this.used);
    this.used -= to - from;
  }

  #reserve(needed: number): void {
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(needed + (needed >>> 2) + 16);
    larger.set(this.bytes.subarray(0, this.used));
    this.bytes = larger;
  }
}
