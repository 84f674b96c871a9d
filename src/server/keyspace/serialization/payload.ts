/**
 * Reading and writing the primitives of Redis's serialisation: lengths and strings.
 *
 *   00LLLLLL                     length below 64
 *   01LLLLLL LLLLLLLL            length below 16,384
 *   10000000 + 4 bytes, big-endian; 10000001 + 8 bytes, big-endian
 *   11000000 + 1, 11000001 + 2, 11000010 + 4 bytes: a string that is a little-endian signed integer
 *   11000011 length length bytes: a string in LZF, first its compressed, then its original length
 *
 * What is read may be hostile. The reader never throws: once it meets something wrong it has `failed`, and from
 * then on every read gives nothing. Loops over announced counts must look at `failed` in each turn.
 */
import { copyBytes } from '../../../base/bytes.ts';
import { integerLength, parseSafeInteger, writeInteger } from '../../../base/integer.ts';
import { LzfCompressor, lzfDecompress } from './lzf.ts';

/** The largest string of Redis. */
const STRING_BYTES_MAX = 512 * 1024 * 1024;
const ENCODED_INT8 = 0xc0;
const ENCODED_INT16 = 0xc1;
const ENCODED_INT32 = 0xc2;
const ENCODED_LZF = 0xc3;
const LENGTH_32 = 0x80;
const LENGTH_64 = 0x81;
/** Longest text of a 32-bit integer. */
const INTEGER_TEXT_MAX = 11;
/** Shorter strings are not worth an attempt, and four bytes must be gained. */
const COMPRESSED_FROM = 21;
const COMPRESSION_GAIN_MIN = 4;
const NOTHING = new Uint8Array(0);

export class PayloadWriter {
  #bytes: Uint8Array;
  #length = 0;
  /** In a snapshot the entry's key stands between type and value. */
  #key: Uint8Array | undefined;
  readonly #compressor: LzfCompressor | undefined;

  /** @param compresses whether long strings are compressed (rdbcompression). */
  constructor(compresses: boolean, capacityBytes = 256) {
    this.#bytes = new Uint8Array(capacityBytes);
    this.#compressor = compresses ? new LzfCompressor() : undefined;
  }

  get length(): number {
    return this.#length;
  }

  /** What was written so far, in place. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written; the memory is used again. */
  clear(): void {
    this.#length = 0;
  }

  /** Room for `count` more bytes, counted as written; returns where they begin. */
  reserve(count: number): number {
    const start = this.#length;
    const end = start + count;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, start));
      this.#bytes = grown;
    }
    this.#length = end;
    return start;
  }

  /** The next value is an entry of a snapshot with this key. */
  keyOfNext(key: Uint8Array): void {
    this.#key = key;
  }

  /** A value's type byte, and the key where there is one. */
  type(code: number): void {
    this.byte(code);
    const key = this.#key;
    this.#key = undefined;
    if (key !== undefined) this.string(key, 0, key.length);
  }

  byte(value: number): void {
    const at = this.reserve(1);
    this.#bytes[at] = value;
  }

  bytes(source: Uint8Array, start: number, end: number): void {
    const at = this.reserve(end - start);
    copyBytes(source, start, end, this.#bytes, at);
  }

  /** `value` in `count` bytes, the lowest first; negative ones in two's complement. */
  littleEndian(value: number, count: number): void {
    const at = this.reserve(count);
    let rest = value;
    for (let i = 0; i < count; i++) {
      const byte = ((rest % 256) + 256) % 256;
      this.#bytes[at + i] = byte;
      rest = (rest - byte) / 256;
    }
  }

  /** As lengthOf, for numbers of up to 64 bits. */
  wideLengthOf(value: number | bigint): void {
    if (typeof value === 'number') return this.lengthOf(value);
    this.byte(LENGTH_64);
    this.#bigEndian32(Number(value >> 32n));
    this.#bigEndian32(Number(value & 0xffff_ffffn));
  }

  lengthOf(value: number): void {
    if (value < 64) {
      this.byte(value);
    } else if (value < 16384) {
      this.byte(0x40 | (value >> 8));
      this.byte(value);
    } else if (value <= 0xffff_ffff) {
      this.byte(LENGTH_32);
      this.#bigEndian32(value);
    } else {
      this.byte(LENGTH_64);
      this.#bigEndian32(Math.floor(value / 0x1_0000_0000));
      this.#bigEndian32(value % 0x1_0000_0000);
    }
  }

  #bigEndian32(value: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) this.byte(value >>> shift);
  }

  /** The bytes [start, end) as a string, in the shortest of its forms. */
  string(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length <= INTEGER_TEXT_MAX) {
      const value = parseSafeInteger(source, start, end);
      if (!Number.isNaN(value) && value >= -2147483648 && value <= 2147483647) {
        if (value >= -128 && value <= 127) this.#encodedInteger(ENCODED_INT8, value, 1);
        else if (value >= -32768 && value <= 32767) this.#encodedInteger(ENCODED_INT16, value, 2);
        else this.#encodedInteger(ENCODED_INT32, value, 4);
        return;
      }
    }
    const compressed =
      length < COMPRESSED_FROM
        ? undefined
        : this.#compressor?.compress(source, start, end, length - COMPRESSION_GAIN_MIN);
    if (compressed === undefined) {
      this.lengthOf(length);
      this.bytes(source, start, end);
    } else {
      this.byte(ENCODED_LZF);
      this.lengthOf(compressed.length);
      this.lengthOf(length);
      this.bytes(compressed, 0, compressed.length);
    }
  }

  #encodedInteger(code: number, value: number, count: number): void {
    this.byte(code);
    this.littleEndian(value, count);
  }
}

export class PayloadReader {
  readonly bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #failed = false;
  /** Whether it failed for want of bytes. */
  ranOut = false;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#end - this.#at;
  }

  /** Where the next read begins. */
  get position(): number {
    return this.#at;
  }

  get failed(): boolean {
    return this.#failed;
  }

  fail(): void {
    this.#failed = true;
  }

  /** Steps over `count` bytes and returns where they begin, or fails. */
  #take(count: number): number {
    const at = this.#at;
    if (this.#failed || count > this.#end - at) {
      if (!this.#failed) this.ranOut = true;
      this.#failed = true;
      return -1;
    }
    this.#at = at + count;
    return at;
  }

  byte(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.bytes[at]!;
  }

  /** An unsigned number of `count` bytes; beyond 2^53 rounded. */
  littleEndian(count: number): number {
    const at = this.#take(count);
    if (at < 0) return 0;
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 256 + this.bytes[at + i]!;
    return value;
  }

  #bigEndian(count: number): number {
    const at = this.#take(count);
    if (at < 0) return 0;
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + this.bytes[at + i]!;
    return value;
  }

  /** A length of up to 64 bits, a number where that is safe; fails on a string's special encoding. */
  wideLength(): number | bigint {
    const first = this.byte();
    if (first !== LENGTH_64) {
      if (first >= ENCODED_INT8) this.#failed = true;
      return this.#lengthFrom(first);
    }
    const value = (BigInt(this.#bigEndian(4)) << 32n) | BigInt(this.#bigEndian(4));
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  /** `count` bytes as they are, in place. Empty after a failure. */
  raw(count: number): Uint8Array {
    const at = this.#take(count);
    return at < 0 ? NOTHING : this.bytes.subarray(at, at + count);
  }

  /** A length, beyond 2^53 rounded; fails on a string's special encoding. */
  length(): number {
    const first = this.byte();
    if (first >= ENCODED_INT8) this.#failed = true;
    return this.#lengthFrom(first);
  }

  #lengthFrom(first: number): number {
    if (first < 64) return first;
    if (first < LENGTH_32) return (first & 0x3f) * 256 + this.byte();
    if (first === LENGTH_32) return this.#bigEndian(4);
    if (first === LENGTH_64) return this.#bigEndian(8);
    this.#failed = true;
    return 0;
  }

  /** A string, in place where it can be: valid as long as the payload. Empty after a failure. */
  string(): Uint8Array {
    const first = this.byte();
    switch (first) {
      case ENCODED_INT8:
        return this.#integerText(1);
      case ENCODED_INT16:
        return this.#integerText(2);
      case ENCODED_INT32:
        return this.#integerText(4);
      case ENCODED_LZF:
        return this.#compressed();
    }
    const length = this.#lengthFrom(first);
    const at = this.#take(length);
    return at < 0 ? NOTHING : this.bytes.subarray(at, at + length);
  }

  #integerText(count: number): Uint8Array {
    const unsigned = this.littleEndian(count);
    const range = 256 ** count;
    const value = unsigned >= range / 2 ? unsigned - range : unsigned;
    const text = new Uint8Array(integerLength(value));
    writeInteger(text, 0, value);
    return text;
  }

  #compressed(): Uint8Array {
    const compressedLength = this.length();
    const length = this.length();
    const at = this.#take(compressedLength);
    if (at < 0 || length > STRING_BYTES_MAX) {
      this.#failed = true;
      return NOTHING;
    }
    const text = lzfDecompress(this.bytes, at, at + compressedLength, length);
    if (text === undefined) this.#failed = true;
    return text ?? NOTHING;
  }
}
