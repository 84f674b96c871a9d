/** RESP2 and RESP3 replies as JavaScript values: what tests and tools see of a server. Not used on the data path. */

/** An error reply. */
export class ErrorReply extends Error {
  override name = 'ErrorReply';
}

/** A RESP3 push. */
export class PushReply {
  readonly items: unknown[];

  constructor(items: unknown[]) {
    this.items = items;
  }
}

/**
 * One reply from [at, buffer.length), latin1 strings for bulk strings. Maps become Map, sets Set, nulls null, errors ErrorReply
 * (returned, not thrown). Undefined if it has not arrived whole.
 */
export function readReply(buffer: Uint8Array, at: number): { value: unknown; next: number } | undefined {
  const lineEnd = buffer.indexOf(13, at);
  if (lineEnd < 0 || lineEnd + 1 >= buffer.length) return undefined;
  const line = Buffer.prototype.latin1Slice.call(buffer, at + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(buffer[at]!)) {
    case '+':
      return { value: line, next };
    case '-':
      return { value: new ErrorReply(line), next };
    case ':': {
      const wide = BigInt(line);
      const narrow = Number(wide);
      return { value: Number.isSafeInteger(narrow) ? narrow : wide, next };
    }
    case '_':
      return { value: null, next };
    case '#':
      return { value: line === 't', next };
    case ',':
      return { value: line === 'inf' ? Infinity : line === '-inf' ? -Infinity : Number(line), next };
    case '(':
      return { value: BigInt(line), next };
    case '$':
    case '=':
      return readBulk(buffer, Number(line), next);
    case '*':
    case '~':
    case '>':
    case '%':
      return readAggregate(buffer, buffer[at]!, Number(line), next);
    default:
      throw new ErrorReply(`not a reply: byte ${buffer[at]}`);
  }
}

function readBulk(
  buffer: Uint8Array,
  length: number,
  at: number,
): { value: unknown; next: number } | undefined {
  if (length < 0) return { value: null, next: at };
  if (at + length + 2 > buffer.length) return undefined;
  return { value: Buffer.prototype.latin1Slice.call(buffer, at, at + length), next: at + length + 2 };
}

function readAggregate(
  buffer: Uint8Array,
  type: number,
  length: number,
  start: number,
): { value: unknown; next: number } | undefined {
  if (length < 0) return { value: null, next: start };
  const items: unknown[] = [];
  let at = start;
  for (let i = 0; i < (type === 37 ? length * 2 : length); i++) {
    const item = readReply(buffer, at);
    if (item === undefined) return undefined;
    items.push(item.value);
    at = item.next;
  }
  if (type === 126) return { value: new Set(items), next: at };
  if (type === 62) return { value: new PushReply(items), next: at };
  if (type !== 37) return { value: items, next: at };
  const map = new Map<unknown, unknown>();
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  return { value: map, next: at };
}
