/**
 * Listpacks, the packed form in which Redis keeps and dumps small collections.
 *
 *   total bytes (4, little-endian)  entries (2, little-endian; 65535 = count them)  entry...  0xff
 *   entry = encoding and data, then their length backwards in 7-bit groups (1..5 bytes)
 *
 *   0xxxxxxx  integer 0..127          10LLLLLL  string below 64        110xxxxx +1  13-bit integer
 *   1110LLLL +1  string below 4,096   0xf0 +4   string                 0xf1 +2, 0xf2 +3, 0xf3 +4, 0xf4 +8  integers
 *
 * The writer chooses as Redis does, so the bytes are the same.
 */
import { copyBytes, fromLatin1 } from '../../../base/bytes.ts';
import { INT64_MAX, parseInt64 } from '../../../base/integer.ts';
import { backLengthBytes, type Listpack } from '../value/listpack.ts';

const HEADER_BYTES = 6;
const COUNT_UNKNOWN = 65535;
const END = 0xff;
/** An int64 has at most 20 characters. */
const INTEGER_TEXT_MAX = 20;

export class ListpackWriter {
  #bytes = new Uint8Array(256);
  #length = HEADER_BYTES;
  #count = 0;

  /** The bytes [start, end) as an entry: an integer if they are its canonical text, else a string. */
  append(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const integer = length <= INTEGER_TEXT_MAX ? parseInt64(source, start, end) : undefined;
    if (integer !== undefined) {
      this.appendInteger(integer);
      return;
    }
    const headBytes = length < 64 ? 1 : length < 4096 ? 2 : 5;
    let at = this.#room(headBytes + length);
    const bytes = this.#bytes;
    if (headBytes === 1) {
      bytes[at++] = 0x80 | length;
    } else if (headBytes === 2) {
      bytes[at++] = 0xe0 | (length >> 8);
      bytes[at++] = length;
    } else {
      bytes[at++] = 0xf0;
      for (let shift = 0; shift < 32; shift += 8) bytes[at++] = length >>> shift;
    }
    copyBytes(source, start, end, bytes, at);
    this.#close(headBytes + length);
  }

  appendInteger(value: bigint): void {
    if (value >= 0n && value <= 127n) {
      const at = this.#room(1);
      this.#bytes[at] = Number(value);
      this.#close(1);
    } else if (value >= -4096n && value <= 4095n) {
      const bits = Number(value) & 0x1fff;
      const at = this.#room(2);
      this.#bytes[at] = 0xc0 | (bits >> 8);
      this.#bytes[at + 1] = bits;
      this.#close(2);
    } else if (value >= -32768n && value <= 32767n) this.#wideInteger(0xf1, value, 2);
    else if (value >= -8388608n && value <= 8388607n) this.#wideInteger(0xf2, value, 3);
    else if (value >= -2147483648n && value <= 2147483647n) this.#wideInteger(0xf3, value, 4);
    else this.#wideInteger(0xf4, value, 8);
  }

  #wideInteger(code: number, value: bigint, count: number): void {
    const at = this.#room(1 + count);
    this.#bytes[at] = code;
    for (let i = 0; i < count; i++) this.#bytes[at + 1 + i] = Number((value >> BigInt(8 * i)) & 0xffn);
    this.#close(1 + count);
  }

  #room(count: number): number {
    const needed = this.#length + count + 6;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    return this.#length;
  }

  /** Ends the entry of `length` bytes with its backward length. */
  #close(length: number): void {
    let at = this.#length + length;
    const groups = backLengthBytes(length);
    for (let group = groups - 1; group >= 0; group--) {
      const bits = Math.floor(length / 2 ** (7 * group)) & 127;
      this.#bytes[at++] = group === groups - 1 ? bits : bits | 128;
    }
    this.#length = at;
    this.#count++;
  }

  /** The whole listpack, in place. */
  finish(): Uint8Array {
    this.#bytes[this.#length] = END;
    const total = this.#length + 1;
    const view = new DataView(this.#bytes.buffer);
    view.setUint32(0, total, true);
    view.setUint16(4, Math.min(this.#count, COUNT_UNKNOWN), true);
    return this.#bytes.subarray(0, total);
  }
}

/** The listpack with header and end mark, as Redis writes it. */
export function framedListpack({ bytes, count, used }: Listpack): Uint8Array {
  const framed = new Uint8Array(HEADER_BYTES + used + 1);
  const view = new DataView(framed.buffer);
  view.setUint32(0, framed.length, true);
  view.setUint16(4, Math.min(count, COUNT_UNKNOWN), true);
  copyBytes(bytes, 0, used, framed, HEADER_BYTES);
  framed[framed.length - 1] = END;
  return framed;
}

/** Bytes of the encoding and data of the entry at `at`, 0 if no entry begins so; lengths are read only up to `end`. */
function entryBytes(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc0) return 1 + (first & 0x3f);
  if (first < 0xe0) return 2;
  if (first < 0xf0) return at + 1 < end ? 2 + ((first & 15) << 8) + bytes[at + 1]! : 0;
  if (first === 0xf0) {
    if (at + 5 > end) return 0;
    return (
      5 + bytes[at + 1]! + bytes[at + 2]! * 0x100 + bytes[at + 3]! * 0x1_0000 + bytes[at + 4]! * 0x100_0000
    );
  }
  return [0, 3, 4, 5, 9][first - 0xf0] ?? 0;
}

/** The entry of `length` bytes at `at` as a string, in place or as an integer's text. */
function entryText(bytes: Uint8Array, at: number, length: number): Uint8Array {
  const first = bytes[at]!;
  if (first < 0x80) return fromLatin1(String(first));
  if (first < 0xc0) return bytes.subarray(at + 1, at + length);
  if (first < 0xe0) {
    const bits = ((first & 0x1f) << 8) | bytes[at + 1]!;
    return fromLatin1(String(bits >= 4096 ? bits - 8192 : bits));
  }
  if (first < 0xf0) return bytes.subarray(at + 2, at + length);
  if (first === 0xf0) return bytes.subarray(at + 5, at + length);
  let value = 0n;
  for (let i = length - 1; i > 0; i--) value = (value << 8n) | BigInt(bytes[at + i]!);
  return fromLatin1(String(BigInt.asIntN(8 * (length - 1), value)));
}

/** Every entry of the listpack that `bytes` is, checked to the last byte; undefined if it is none. */
export function readListpack(bytes: Uint8Array): Uint8Array[] | undefined {
  const size = bytes.length;
  if (size < HEADER_BYTES + 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  if (view.getUint32(0, true) !== size || bytes[size - 1] !== END) return undefined;
  const end = size - 1;
  const entries: Uint8Array[] = [];
  let at = HEADER_BYTES;
  while (at < end) {
    const length = bytes[at] === END ? 0 : entryBytes(bytes, at, end);
    if (length === 0) return undefined;
    const groups = backLengthBytes(length);
    if (at + length + groups > end) return undefined;
    let backLength = 0;
    for (let i = 0; i < groups; i++) {
      const byte = bytes[at + length + i]!;
      if (byte >= 128 !== i > 0) return undefined;
      backLength = backLength * 128 + (byte & 127);
    }
    if (backLength !== length) return undefined;
    entries.push(entryText(bytes, at, length));
    at += length + groups;
  }
  const count = view.getUint16(4, true);
  return count === COUNT_UNKNOWN || count === entries.length ? entries : undefined;
}

/** An entry's text as a non-negative integer, NaN if it is none or beyond 2^53. */
export function entryInteger(text: Uint8Array): number {
  const value = parseInt64(text, 0, text.length);
  if (value === undefined || value < 0n || value > INT64_MAX) return Number.NaN;
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.NaN : Number(value);
}
