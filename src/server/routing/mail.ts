/**
 * What shards write to each other. A request is the client's arguments and the few facts of its session that a command can see;
 * whoever sends it has checked name, arity and authentication. A reply is RESP as the client will read it.
 *
 * ```
 * offset  width  little endian
 *      0      1  kind: REQUEST, REPLY, DISMISSAL
 *      1      1  facts: RESP3, NO_TOUCH, PART, SESSION, BUNDLE, USER (bits); of a DISMISSAL how: CANCELLED, TIMED_OUT, FAILED
 *      2      2  database index
 *      4      4  ticket: chosen by who asks, repeated by who answers
 *      8      4  count of arguments (REQUEST)
 *     12         each argument: 4 bytes of length, then its bytes
 *      8         the reply's bytes (REPLY)
 * ```
 */
import type { Arguments } from '../commands/arguments.ts';

export const REQUEST = 1;
export const REPLY = 2;
/** Ends the waiting of a request that blocks: its client has gone, or CLIENT UNBLOCK was said. */
export const DISMISSAL = 3;

export const CANCELLED = 0;
export const TIMED_OUT = 1;
export const FAILED = 2;

/** The client speaks RESP3. */
export const RESP3 = 1;
/** CLIENT NO-TOUCH is on. */
export const NO_TOUCH = 2;
/** One piece of a command that was split: it is counted where the command came from. */
export const PART = 4;
/** The last argument names the client's session: what it watches here is kept by that name. */
export const SESSION = 8;
/** A transaction: of each command the number of its arguments, then these. */
export const BUNDLE = 16;
/** The very last argument names the client's user, of one who may not do everything, or who has to wait. Without it all is allowed. */
export const USER = 32;

const FACTS_AT = 1;
const DATABASE_AT = 2;
const TICKET_AT = 4;
const COUNT_AT = 8;
export const REPLY_AT = 8;
const ARGUMENTS_AT = 12;

const BYTES_INITIAL = 4096;
/** Memory grown beyond this by one large message is given back. */
const BYTES_KEPT_MAX = 1024 * 1024;

const readUint32 = (buffer: Uint8Array, at: number): number =>
  (buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24)) >>> 0;

function writeUint32(buffer: Uint8Array, at: number, value: number): void {
  buffer[at] = value;
  buffer[at + 1] = value >>> 8;
  buffer[at + 2] = value >>> 16;
  buffer[at + 3] = value >>> 24;
}

/** One message at a time, in memory that is used again for the next. */
export class MailWriter {
  bytes: Uint8Array = Buffer.allocUnsafeSlow(BYTES_INITIAL);
  length = 0;

  beginRequest(ticket: number, facts: number, database: number, argumentCount: number): void {
    this.#begin(REQUEST, ticket);
    this.bytes[FACTS_AT] = facts;
    this.bytes[DATABASE_AT] = database;
    this.bytes[DATABASE_AT + 1] = database >>> 8;
    writeUint32(this.bytes, COUNT_AT, argumentCount);
    this.length = ARGUMENTS_AT;
  }

  argument(buffer: Uint8Array, start: number, end: number): void {
    this.#reserve(4 + end - start);
    writeUint32(this.bytes, this.length, end - start);
    this.length += 4;
    this.#append(buffer, start, end);
  }

  reply(ticket: number, reply: Uint8Array): void {
    this.#begin(REPLY, ticket);
    this.length = REPLY_AT;
    this.#reserve(reply.length);
    this.#append(reply, 0, reply.length);
  }

  dismissal(ticket: number, how: number): void {
    this.#begin(DISMISSAL, ticket);
    this.bytes[FACTS_AT] = how;
    this.length = REPLY_AT;
  }

  #begin(kind: number, ticket: number): void {
    if (this.bytes.length > BYTES_KEPT_MAX) this.bytes = Buffer.allocUnsafeSlow(BYTES_INITIAL);
    this.bytes[0] = kind;
    writeUint32(this.bytes, TICKET_AT, ticket);
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, needed));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }

  #append(buffer: Uint8Array, start: number, end: number): void {
    this.bytes.set(buffer.subarray(start, end), this.length);
    this.length += end - start;
  }
}

export const mailKind = (buffer: Uint8Array, start: number): number => buffer[start]!;
export const mailTicket = (buffer: Uint8Array, start: number): number =>
  readUint32(buffer, start + TICKET_AT);
export const mailFacts = (buffer: Uint8Array, start: number): number => buffer[start + FACTS_AT]!;
export const mailDatabase = (buffer: Uint8Array, start: number): number =>
  buffer[start + DATABASE_AT]! | (buffer[start + DATABASE_AT + 1]! << 8);

/** Points `args` at a request's arguments, where they lie. */
export function readMailArguments(buffer: Uint8Array, start: number, args: Arguments): void {
  args.buffer = buffer;
  args.count = 0;
  let at = start + ARGUMENTS_AT;
  for (let left = readUint32(buffer, start + COUNT_AT); left > 0; left--) {
    const length = readUint32(buffer, at);
    args.push(at + 4, at + 4 + length);
    at += 4 + length;
  }
}
