/**
 * What a command says, free of the wire: each call is one RESP value, encoded for the client's protocol version by the
 * implementation in `protocol/`. Aggregates announce their length first, then the members follow.
 * Texts are latin1 strings (one character a byte) unless they say UTF-8.
 */
import type { Keyspace, Ref } from '../keyspace/keyspace.ts';

export interface Reply {
  /** 2 or 3: what the current client negotiated. */
  readonly protocol: number;
  /** Makes room for so many bytes more, if any: what follows is then encoded without growing in between. */
  makeRoom(bytes: number): void;
  ok(): void;
  /** +text. No line breaks. */
  simple(text: string): void;
  /** -text, with its code first: `ERR syntax error`. Line breaks are replaced by spaces. Counted in errorstats. */
  error(text: string): void;
  /** As error, of a part of the command (a script's): it has been counted as the part's. */
  errorOfPart(text: string): void;
  integer(value: number | bigint): void;
  /** $length, the bytes [start, end) of `bytes`. */
  bulk(bytes: Uint8Array, start?: number, end?: number): void;
  /** A bulk string of a latin1 text. */
  /** CLIENT REPLY inside a transaction: what the transaction has said so far is kept or dropped, whatever becomes of the rest. */
  divideReply(keep: boolean): void;
  /** Bytes that are RESP already. */
  raw(bytes: Uint8Array): void;
  bulkText(text: string): void;
  /** A bulk string of a text in UTF-8. */
  bulkUtf8(text: string): void;
  /** A bulk string straight from a string entry of a keyspace, bytes [from, to), by default all. */
  bulkEntry(keyspace: Keyspace, ref: Ref, from?: number, to?: number): void;
  /** A bulk string with the entry's key. */
  bulkKey(keyspace: Keyspace, ref: Ref): void;
  /** Nil: $-1 in RESP2, _ in RESP3. */
  nil(): void;
  /** Nil where an array was expected: *-1 in RESP2, _ in RESP3. */
  nilArray(): void;
  array(length: number): void;
  /** `pairs` key-value pairs: *2n in RESP2, %n in RESP3. */
  map(pairs: number): void;
  /** *n in RESP2, ~n in RESP3. */
  set(length: number): void;
  /** RESP3 push (an array in RESP2). */
  push(length: number): void;
  /** Bulk string in RESP2, `,` in RESP3; shortest text that reads back to the same double, inf, -inf, nan. */
  double(value: number): void;
  /** As double, of a text that is one already. */
  doubleText(text: string): void;
  /** :1/:0 in RESP2, #t/#f in RESP3. */
  boolean(value: boolean): void;
  /** Bulk string in RESP2, `(` in RESP3. */
  bigNumber(decimal: string): void;
  /** Bulk string in RESP2, `=` with a three-letter format in RESP3. UTF-8. */
  verbatim(text: string, format: 'txt' | 'mkd'): void;
  /** As verbatim, of bytes and with any format of three letters. */
  verbatimBytes(bytes: Uint8Array, format: string): void;
}
