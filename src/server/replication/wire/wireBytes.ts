/**
 * Bytes of replication messages: little-endian, lengths as LEB128 variable integers. The reader trusts nothing: every length is
 * checked against what is left, and the first fault makes it throw a WireError, which ends the connection.
 *
 * A replica's name is spelt out where it first appears in a message and referred to by number afterwards.
 */
import { copyOf, fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import type { Stamp } from '../hybridClock.ts';

/** Bytes from a peer that mean nothing. */
export class WireError extends Error {
  readonly code = 'REPLICATION_WIRE';
}

const INITIAL_BYTES = 256;
export const REPLICA_NAME_BYTES_MAX = 64;
/** Totals are sums of 64-bit increments; one replica would need 2^64 of them to exceed this. */
const BIGINT_DIGITS_MAX = 40;
const STAMP_FLOAT_BYTES = 8;

export class WireWriter {
  #bytes = new Uint8Array(INITIAL_BYTES);
  #length = 0;
  readonly #replicas = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** A non-negative safe integer. */
  count(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Any safe integer. */
  integer(value: number): void {
    this.#room(STAMP_FLOAT_BYTES);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += STAMP_FLOAT_BYTES;
  }

  bytes(bytes: Uint8Array): void {
    this.count(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** One byte a character. */
  latin1(text: string): void {
    this.bytes(fromLatin1(text));
  }

  bigint(value: bigint): void {
    this.latin1(value.toString());
  }

  stamp(stamp: Stamp): void {
    this.integer(stamp.ticks);
    const known = this.#replicas.get(stamp.replica);
    if (known !== undefined) return this.count(known + 1);
    this.#replicas.set(stamp.replica, this.#replicas.size);
    this.count(0);
    this.latin1(stamp.replica);
  }

  written(): Uint8Array {
    return copyOf(this.#bytes, 0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

export class WireReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;
  readonly #replicas: string[] = [];

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get left(): number {
    return this.#end - this.#at;
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#at++]!;
  }

  count(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw new WireError('an integer is out of range');
      if (byte < 0x80) return value;
    }
  }

  integer(): number {
    this.#need(STAMP_FLOAT_BYTES);
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, STAMP_FLOAT_BYTES);
    this.#at += STAMP_FLOAT_BYTES;
    const value = view.getFloat64(0, true);
    if (!Number.isSafeInteger(value)) throw new WireError('an integer is out of range');
    return value;
  }

  /** A copy. */
  bytes(lengthMax = Number.MAX_SAFE_INTEGER): Uint8Array {
    const length = this.count();
    if (length > lengthMax) throw new WireError('a length is out of range');
    return this.raw(length);
  }

  raw(length: number): Uint8Array {
    this.#need(length);
    this.#at += length;
    return copyOf(this.#bytes, this.#at - length, this.#at);
  }

  latin1(lengthMax = Number.MAX_SAFE_INTEGER): string {
    return toLatin1(this.bytes(lengthMax));
  }

  bigint(): bigint {
    const text = this.latin1(BIGINT_DIGITS_MAX);
    if (!/^-?\d+$/.test(text)) throw new WireError('a number is not one');
    return BigInt(text);
  }

  stamp(): Stamp {
    const ticks = this.integer();
    if (ticks < 0) throw new WireError('a stamp lies before time');
    const number = this.count();
    if (number === 0) this.#replicas.push(this.latin1(REPLICA_NAME_BYTES_MAX));
    const replica = number === 0 ? this.#replicas.at(-1) : this.#replicas[number - 1];
    if (replica === undefined) throw new WireError('a stamp of a replica not named');
    return { ticks, replica };
  }

  /** A number of things each of at least `bytesEach`: more than fit into what is left is a lie. */
  countOf(bytesEach: number): number {
    const count = this.count();
    if (count * bytesEach > this.left) throw new WireError('a count exceeds its message');
    return count;
  }

  end(): void {
    if (this.left !== 0) throw new WireError('bytes follow the end of a message');
  }

  #need(length: number): void {
    if (length > this.left) throw new WireError('a message ends early');
  }
}
