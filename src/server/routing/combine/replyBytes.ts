/** Reading and writing the few forms of RESP that replies of several shards are put together from. All input is our own encoder's. */

const CR = 13;
const ZERO = 48;
const MINUS = 45;
const DOLLAR = 36;
const PERCENT = 37;
const STAR = 42;
const TILDE = 126;

export const isError = (reply: Uint8Array): boolean => reply[0] === MINUS;

/** The number on the line whose type byte is at `at`. */
export function lineNumber(reply: Uint8Array, at: number): number {
  let position = at + 1;
  const negative = reply[position] === MINUS;
  if (negative) position++;
  let value = 0;
  for (; reply[position] !== CR; position++) value = value * 10 + reply[position]! - ZERO;
  return negative ? -value : value;
}

/** Offset behind the line that begins at `at`. */
export function lineEnd(reply: Uint8Array, at: number): number {
  let position = at;
  while (reply[position] !== CR) position++;
  return position + 2;
}

/** Offset behind the bulk string or nil that begins at `at`. */
export function bulkEnd(reply: Uint8Array, at: number): number {
  const behindLine = lineEnd(reply, at);
  if (reply[at] !== DOLLAR) return behindLine;
  const length = lineNumber(reply, at);
  return length < 0 ? behindLine : behindLine + length + 2;
}

/** Offset behind the value that begins at `at`, with all that is in it. */
export function valueEnd(reply: Uint8Array, at: number): number {
  let end = at;
  for (let open = 1; open > 0; open--) {
    const isMap = reply[end] === PERCENT;
    if (isMap || reply[end] === STAR || reply[end] === TILDE)
      open += Math.max(0, lineNumber(reply, end)) * (isMap ? 2 : 1);
    end = bulkEnd(reply, end);
  }
  return end;
}

export const isNil = (reply: Uint8Array): boolean =>
  reply[0] === 95 || (reply[0] === DOLLAR && reply[1] === MINUS);

/** The text of a bulk string or of a RESP3 verbatim string, latin1. */
export function bulkText(reply: Uint8Array): string {
  const start = lineEnd(reply, 0) + (reply[0] === DOLLAR ? 0 : 'txt:'.length);
  return Buffer.from(reply.buffer, reply.byteOffset, reply.length).toString(
    'latin1',
    start,
    reply.length - 2,
  );
}

/** `text` in the form that `like` has: a bulk string, or a verbatim one. */
export function textLike(like: Uint8Array, text: string): Uint8Array {
  const isBulk = like[0] === DOLLAR;
  const body = isBulk ? text : `txt:${text}`;
  return Buffer.from(`${isBulk ? '$' : '='}${body.length}\r\n${body}\r\n`, 'latin1');
}

export const integerReply = (value: number): Uint8Array => Buffer.from(`:${value}\r\n`, 'latin1');
