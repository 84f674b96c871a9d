/**
 * RESP2 and RESP3 encoding into a growing buffer. What happens to the buffer between replies and at the end of a turn is the
 * subclasses' matter (flag `reply-buffers`); a process loads one of them.
 */
import { formatDouble } from '../../base/double.ts';
import { integerLength, writeInteger } from '../../base/integer.ts';
import type { Reply } from '../commands/reply.ts';
import type { Keyspace, Ref } from '../keyspace/keyspace.ts';
import type { ServerStats } from '../serverStats.ts';

const CR = 13;
const LF = 10;
const ZERO = 48;
const DOLLAR = 36;
const COLON = 58;
const MINUS = 45;
const PLUS = 43;
const STAR = 42;
const UNDERSCORE = 95;

/** Room for any header: type byte, 20 digits, CR LF. */
const HEADER_BYTES_MAX = 24;

export abstract class RespEncoder implements Reply {
  protocol = 2;
  protected buffer: Uint8Array;
  protected position = 0;
  readonly #stats: ServerStats;
  /** Errors since the dispatcher last looked: it tells failed calls from good ones. */
  errorCount = 0;

  constructor(stats: ServerStats, initial: Uint8Array) {
    this.#stats = stats;
    this.buffer = initial;
  }

  /** Makes room for `bytes` more behind `position`. */
  protected abstract grow(bytes: number): void;
  /** Called before each request. */
  abstract beginReply(): void;
  /** Called after each request; `keep` false drops what it said (CLIENT REPLY OFF). */
  abstract endReply(keep: boolean): void;
  /** The reply that was begun last, as bytes of its own: for someone other than whose turn it is. It is said no more. */
  abstract takeReply(): Uint8Array;
  /** All replies since the last take as one piece: the first `unsentBytes()` of these bytes. */
  abstract take(): Uint8Array;
  /** Whether the memory of the last take may be written again: what Socket.write answered. */
  abstract taken(reusable: boolean): void;

  /** Whether the memory that `take` shows is of `threadBuffers`, to which it goes back. */
  abstract readonly lends: boolean;
  /** Bytes said and not yet taken. */
  abstract unsentBytes(): number;

  #reserve(bytes: number): void {
    if (this.position + bytes > this.buffer.length) this.grow(bytes);
  }

  makeRoom(bytes: number): void {
    // The last header asks for more room than it takes.
    if (bytes > 0) this.#reserve(bytes + HEADER_BYTES_MAX);
  }

  ok(): void {
    this.#reserve(5);
    const buffer = this.buffer;
    const at = this.position;
    buffer[at] = PLUS;
    buffer[at + 1] = 79;
    buffer[at + 2] = 75;
    buffer[at + 3] = CR;
    buffer[at + 4] = LF;
    this.position = at + 5;
  }

  simple(text: string): void {
    this.#line(PLUS, text);
  }

  error(text: string): void {
    const line = oneLine(text);
    this.errorCount++;
    const space = line.indexOf(' ');
    this.#stats.countError(space < 0 ? line : line.slice(0, space));
    this.#line(MINUS, line);
  }

  errorOfPart(text: string): void {
    this.#line(MINUS, oneLine(text));
  }

  integer(value: number | bigint): void {
    if (typeof value === 'bigint') this.#line(COLON, value.toString());
    else this.#header(COLON, value);
  }

  bulk(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const length = end - start;
    this.#header(DOLLAR, length);
    this.#reserve(length + 2);
    const buffer = this.buffer;
    let at = this.position;
    if (length <= 48) {
      for (let i = start; i < end; i++) buffer[at++] = bytes[i]!;
    } else {
      buffer.set(bytes.subarray(start, end), at);
      at += length;
    }
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.position = at + 2;
  }

  /** Bytes that are RESP already. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  bulkText(text: string): void {
    this.#header(DOLLAR, text.length);
    this.#latin1(text);
    this.#crlf();
  }

  bulkUtf8(text: string): void {
    this.bulk(Buffer.from(text, 'utf8'));
  }

  bulkEntry(keyspace: Keyspace, ref: Ref, from = 0, to = keyspace.stringLength(ref)): void {
    const length = to - from;
    this.#header(DOLLAR, length);
    this.#reserve(length + 2);
    const at = this.position;
    keyspace.copyString(ref, from, to, this.buffer, at);
    const buffer = this.buffer;
    buffer[at + length] = CR;
    buffer[at + length + 1] = LF;
    this.position = at + length + 2;
  }

  bulkKey(keyspace: Keyspace, ref: Ref): void {
    const length = keyspace.keyLength(ref);
    this.#header(DOLLAR, length);
    this.#reserve(length + 2);
    keyspace.copyKey(ref, this.buffer, this.position);
    this.position += length;
    this.#crlf();
  }

  nil(): void {
    if (this.protocol === 3) this.#nil3();
    else this.#header(DOLLAR, -1);
  }

  nilArray(): void {
    if (this.protocol === 3) this.#nil3();
    else this.#header(STAR, -1);
  }

  array(length: number): void {
    this.#header(STAR, length);
  }

  map(pairs: number): void {
    if (this.protocol === 3) this.#header(37, pairs);
    else this.#header(STAR, pairs * 2);
  }

  set(length: number): void {
    this.#header(this.protocol === 3 ? 126 : STAR, length);
  }

  push(length: number): void {
    this.#header(this.protocol === 3 ? 62 : STAR, length);
  }

  double(value: number): void {
    this.doubleText(formatDouble(value));
  }

  doubleText(text: string): void {
    if (this.protocol === 3) this.#line(44, text);
    else this.bulkText(text);
  }

  boolean(value: boolean): void {
    if (this.protocol === 3) this.#line(35, value ? 't' : 'f');
    else this.integer(value ? 1 : 0);
  }

  bigNumber(decimal: string): void {
    if (this.protocol === 3) this.#line(40, decimal);
    else this.bulkText(decimal);
  }

  verbatim(text: string, format: 'txt' | 'mkd'): void {
    this.verbatimBytes(Buffer.from(text, 'utf8'), format);
  }

  verbatimBytes(bytes: Uint8Array, format: string): void {
    if (this.protocol === 3) {
      this.#header(61, bytes.length + 4);
      this.#latin1(`${format}:`);
      this.#reserve(bytes.length);
      this.buffer.set(bytes, this.position);
      this.position += bytes.length;
      this.#crlf();
    } else {
      this.bulk(bytes);
    }
  }

  #nil3(): void {
    this.#reserve(3);
    this.buffer[this.position] = UNDERSCORE;
    this.position++;
    this.#crlf();
  }

  #header(type: number, value: number): void {
    if (this.position + HEADER_BYTES_MAX > this.buffer.length) this.grow(HEADER_BYTES_MAX);
    const buffer = this.buffer;
    let at = this.position;
    buffer[at++] = type;
    if (value >= 0 && value < 10) {
      buffer[at++] = ZERO + value;
    } else if (value >= 10 && value < 100) {
      const tens = (value / 10) | 0;
      buffer[at++] = ZERO + tens;
      buffer[at++] = ZERO + (value - tens * 10);
    } else {
      at = writeInteger(buffer, at, value);
    }
    buffer[at] = CR;
    buffer[at + 1] = LF;
    this.position = at + 2;
  }

  #line(type: number, text: string): void {
    this.#reserve(1);
    this.buffer[this.position++] = type;
    this.#latin1(text);
    this.#crlf();
  }

  #latin1(text: string): void {
    this.#reserve(text.length);
    const buffer = this.buffer;
    let at = this.position;
    for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
    this.position = at;
  }

  #crlf(): void {
    this.#reserve(2);
    this.buffer[this.position] = CR;
    this.buffer[this.position + 1] = LF;
    this.position += 2;
  }
}

const oneLine = (text: string): string => (/[\r\n]/.test(text) ? text.replace(/[\r\n]/g, ' ') : text);

/** Bytes that a header for `length` takes: type, digits, CR LF. */
export const headerLength = (length: number): number => 3 + integerLength(length);
