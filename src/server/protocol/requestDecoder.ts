/**
 * Requests from bytes: RESP arrays of bulk strings, and inline commands. No I/O, no copies: arguments are offsets.
 *
 * A request split anywhere is resumed where it stopped (state in DecodeState), so a large multibulk that arrives in
 * thousands of pieces costs one pass. The limits are Redis 7.4's; every length is checked before anything is allocated for it.
 */
import type { CapacityPolicy } from '../capacity/capacityPolicy.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { DecodeState } from './decodeState.ts';
import { splitInline } from './inlineRequest.ts';

/** More bytes are needed. */
export const NEED_MORE = -1;
/** The bytes break the protocol: `errorText` says how; the connection must be closed after the error is sent. */
export const PROTOCOL_ERROR = -2;

const INLINE_BYTES_MAX = 64 * 1024;
const MULTIBULK_MAX = 2147483647;
const UNAUTHENTICATED_ARGUMENTS_MAX = 10;
const UNAUTHENTICATED_BULK_BYTES_MAX = 16384;

/** `$0 CR LF CR LF`. */
const ARGUMENT_BYTES_MIN = 6;

const CR = 13;
const LF = 10;
const STAR = 42;
const DOLLAR = 36;
const MINUS = 45;
const ZERO = 48;

/** Result of reading a length line: `lineEnd` is behind its LF; -1 incomplete, -2 too long, -3 not an integer. */
const LINE_INCOMPLETE = -1;
const LINE_TOO_LONG = -2;
const LINE_MALFORMED = -3;

export class RequestDecoder {
  errorText = '';
  /** Largest bulk accepted (proto-max-bulk-len), bytes. */
  bulkBytesMax = 512 * 1024 * 1024;
  readonly #capacity: CapacityPolicy;
  #number = 0;

  constructor(capacity: CapacityPolicy) {
    this.#capacity = capacity;
  }

  /**
   * Decodes one request from [start, end) into `args` (emptied first unless a request is being resumed). Returns the offset
   * behind it, NEED_MORE or PROTOCOL_ERROR. A request of no arguments (an empty line, `*0`) yields args.count 0.
   */
  decode(
    state: DecodeState,
    buffer: Uint8Array,
    start: number,
    end: number,
    args: Arguments,
    authenticated: boolean,
  ): number {
    if (state.argumentsRemaining === 0) {
      args.count = 0;
      args.buffer = buffer;
      state.requestStart = start;
      if (start >= end) return NEED_MORE;
      if (buffer[start] !== STAR) return this.#inline(buffer, start, end, args);
      const lineEnd = this.#lengthLine(buffer, start + 1, end);
      if (lineEnd === LINE_INCOMPLETE) return NEED_MORE;
      if (lineEnd === LINE_TOO_LONG) return this.#fail('too big mbulk count string');
      const count = this.#number;
      if (lineEnd === LINE_MALFORMED || count > MULTIBULK_MAX) return this.#fail('invalid multibulk length');
      if (count > UNAUTHENTICATED_ARGUMENTS_MAX && !authenticated)
        return this.#fail('unauthenticated multibulk length');
      if (count <= 0) return lineEnd;
      state.argumentsRemaining = count;
      state.bulkLength = -1;
      state.position = lineEnd;
    }
    return this.#bulks(state, buffer, end, args, authenticated);
  }

  #bulks(
    state: DecodeState,
    buffer: Uint8Array,
    end: number,
    args: Arguments,
    authenticated: boolean,
  ): number {
    args.buffer = buffer;
    let position = state.position;
    let remaining = state.argumentsRemaining;
    let length = state.bulkLength;
    if (args.count + remaining > args.starts.length) this.#makeRoom(args, remaining, end - position);
    while (remaining > 0) {
      if (length < 0) {
        if (position >= end) break;
        if (buffer[position] !== DOLLAR) {
          state.reset();
          return this.#fail(`expected '$', got '${String.fromCharCode(buffer[position]!)}'`);
        }
        const lineEnd = this.#lengthLine(buffer, position + 1, end);
        if (lineEnd === LINE_INCOMPLETE) break;
        if (lineEnd < 0 || this.#number < 0 || this.#number > this.bulkBytesMax) {
          state.reset();
          return this.#fail(lineEnd === LINE_TOO_LONG ? 'too big bulk count string' : 'invalid bulk length');
        }
        if (this.#number > UNAUTHENTICATED_BULK_BYTES_MAX && !authenticated) {
          state.reset();
          return this.#fail('unauthenticated bulk length');
        }
        length = this.#number;
        position = lineEnd;
      }
      // As Redis does, the two bytes behind a bulk are skipped, not inspected.
      if (position + length + 2 > end) break;
      args.push(position, position + length);
      position += length + 2;
      length = -1;
      remaining--;
    }
    if (remaining > 0) {
      state.argumentsRemaining = remaining;
      state.bulkLength = length;
      state.position = position;
      return NEED_MORE;
    }
    state.argumentsRemaining = 0;
    return position;
  }

  /** For many arguments, as many of them as the bytes that are here can hold. */
  #makeRoom(args: Arguments, announced: number, bytes: number): void {
    const expected = args.count + Math.min(announced, Math.floor(bytes / ARGUMENT_BYTES_MIN));
    const room = this.#capacity.roomFor(expected);
    if (room > args.starts.length) args.makeRoom(room);
  }

  /** Reads `digits CR LF` at `at` into #number. */
  #lengthLine(buffer: Uint8Array, at: number, end: number): number {
    let position = at;
    let value = 0;
    let negative = false;
    if (position < end && buffer[position] === MINUS) {
      negative = true;
      position++;
    }
    const digitsStart = position;
    while (position < end) {
      const digit = buffer[position]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      position++;
    }
    if (position >= end) return position - at > INLINE_BYTES_MAX ? LINE_TOO_LONG : LINE_INCOMPLETE;
    if (buffer[position] !== CR) {
      // Not a number: it is malformed once its line is complete; until then more may come, up to the limit.
      return this.#malformedLine(buffer, position, at, end);
    }
    if (position + 1 >= end) return LINE_INCOMPLETE;
    if (
      position === digitsStart ||
      position - digitsStart > 19 ||
      (buffer[digitsStart] === ZERO && (negative || position - digitsStart > 1))
    )
      return LINE_MALFORMED;
    this.#number = negative ? -value : value;
    return position + 2;
  }

  #malformedLine(buffer: Uint8Array, from: number, lineStart: number, end: number): number {
    for (let position = from; position < end; position++)
      if (buffer[position] === CR) return position + 1 < end ? LINE_MALFORMED : LINE_INCOMPLETE;
    return end - lineStart > INLINE_BYTES_MAX ? LINE_TOO_LONG : LINE_INCOMPLETE;
  }

  #inline(buffer: Uint8Array, start: number, end: number, args: Arguments): number {
    let newline = start;
    const limit = Math.min(end, start + INLINE_BYTES_MAX + 1);
    while (newline < limit && buffer[newline] !== LF) newline++;
    if (newline === limit)
      return end - start > INLINE_BYTES_MAX ? this.#fail('too big inline request') : NEED_MORE;
    const lineEnd = newline > start && buffer[newline - 1] === CR ? newline - 1 : newline;
    if (!splitInline(buffer, start, lineEnd, args)) return this.#fail('unbalanced quotes in request');
    return newline + 1;
  }

  #fail(text: string): number {
    this.errorText = `ERR Protocol error: ${text}`;
    return PROTOCOL_ERROR;
  }
}
