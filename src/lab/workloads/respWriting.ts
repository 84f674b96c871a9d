/** Writes RESP arguments into a buffer, digit by digit: no strings are made. Each function returns the position after it. */

const carriageReturn = 13;
const lineFeed = 10;
const dollar = 36;

export function encodeArgument(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]);
}

export function writeArgument(into: Buffer, start: number, bytes: Buffer): number {
  let at = writeBulkHead(into, start, bytes.length);
  at += bytes.copy(into, at);
  return writeLineEnd(into, at);
}

export function writeBulkHead(into: Buffer, start: number, length: number): number {
  into[start] = dollar;
  let digits = 1;
  for (let rest = length; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return writeLineEnd(into, writeZeroPadded(into, start + 1, length, digits));
}

export function writeZeroPadded(into: Buffer, start: number, value: number, width: number): number {
  let rest = value;
  for (let at = start + width - 1; at >= start; at--) {
    const next = Math.floor(rest / 10);
    into[at] = 48 + rest - next * 10;
    rest = next;
  }
  return start + width;
}

export function writeLineEnd(into: Buffer, at: number): number {
  into[at] = carriageReturn;
  into[at + 1] = lineFeed;
  return at + 2;
}
