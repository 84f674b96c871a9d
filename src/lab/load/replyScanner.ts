/**
 * Counts replies without building them: the generator needs to know how many came, of which kind, to which command, and
 * nothing of their content. One scanner per connection; all share one `ReplyTally`.
 *
 * Understands RESP2 and RESP3, nests arrays to any depth (a flat count of elements still owed, no stack), and takes the
 * stream split at any byte: an unfinished header line is carried over in a small buffer, an unfinished payload as a count
 * of bytes to skip.
 *
 * Invariants: exactly one tally entry per top-level reply, in the order of the requests; `scan` allocates nothing unless
 * an error reply is among them.
 */

/** Columns of the tally, one row per command. */
export const replyKinds = [
  'simple',
  'error',
  'integer',
  'bulk',
  'nil',
  'array',
  'emptyArray',
  'other',
  'nestedBulk',
  'nestedNil',
] as const;
export type ReplyKind = (typeof replyKinds)[number];

const kindSimple = 0;
const kindError = 1;
const kindInteger = 2;
const kindBulk = 3;
const kindNil = 4;
const kindArray = 5;
const kindEmptyArray = 6;
const kindOther = 7;
const kindNestedBulk = 8;
const kindNestedNil = 9;

const carriageReturn = 13;
const lineFeed = 10;
/** Header lines longer than this are error texts or nonsense; the rest of the line is skipped. */
const carryBytesMax = 512;
const errorTextsMax = 5;
/** Errors are told apart by this many characters, so that a text with a key in it does not fill the list. */
const errorPrefixLength = 32;

/** What was sent back is not RESP: the target is no Redis, or a proxy broke the stream. */
export class ReplyFormatError extends Error {
  override readonly name = 'ReplyFormatError';
}

/** Counts shared by all connections of a run. */
export class ReplyTally {
  /** `counts[command * replyKinds.length + kind]`. */
  readonly counts: Float64Array;
  /** Nested errors too. Key: the first characters. */
  readonly #errors = new Map<string, { text: string; count: number }>();

  /** @param commandCount rows: the workload's commands and whatever else the caller wants apart. */
  constructor(commandCount: number) {
    this.counts = new Float64Array(commandCount * replyKinds.length);
  }

  noteError(text: string): void {
    const key = text.slice(0, errorPrefixLength);
    const known = this.#errors.get(key);
    if (known) known.count += 1;
    else if (this.#errors.size < errorTextsMax) this.#errors.set(key, { text, count: 1 });
  }

  get errors(): { text: string; count: number }[] {
    return [...this.#errors.values()];
  }

  /** One command's row. */
  row(command: number): Record<ReplyKind, number> {
    const from = command * replyKinds.length;
    return Object.fromEntries(replyKinds.map((kind, i) => [kind, this.counts[from + i]!])) as Record<
      ReplyKind,
      number
    >;
  }

  reset(): void {
    this.counts.fill(0);
    this.#errors.clear();
  }
}

/** Which command each expected reply belongs to: a ring that the connection walks, or one row for all. */
export class ReplyScanner {
  readonly #tally: ReplyTally;
  readonly #counts: Float64Array;
  readonly #commands: Uint8Array;
  readonly #ringLength: number;
  /** Position in the ring of the next reply's request. */
  #cursor: number;
  /** Row for every reply while >= 0 (control and preload commands); -1 walks the ring. */
  #fixedRow = -1;
  /** Payload bytes still to skip, line end included. */
  #skip = 0;
  /** Elements owed to the current top-level reply; 0 between replies. */
  #owed = 0;
  readonly #carry = Buffer.alloc(carryBytesMax);
  #carryLength = 0;

  /** @param commands row of each request of the ring. @param start position of the first request. */
  constructor(tally: ReplyTally, commands: Uint8Array, ringLength: number, start: number) {
    this.#tally = tally;
    this.#counts = tally.counts;
    this.#commands = commands;
    this.#ringLength = ringLength;
    this.#cursor = start;
  }

  /** Counts all replies from now on in `row`, or walks the ring again with -1. Only between replies. */
  useRow(row: number): void {
    this.#fixedRow = row;
  }

  /**
   * Takes `length` bytes from the start of `chunk`. @returns top-level replies completed by them.
   * @throws ReplyFormatError on a byte that no reply can start with, or a malformed length.
   */
  scan(chunk: Uint8Array, length: number): number {
    let at = 0;
    let completed = 0;
    for (;;) {
      if (this.#skip > 0) {
        const left = length - at;
        if (this.#skip > left) {
          this.#skip -= left;
          return completed;
        }
        at += this.#skip;
        this.#skip = 0;
        if (this.#owed === 0) completed += 1;
      }
      if (at >= length) return completed;
      if (this.#carryLength > 0) {
        at = this.#fillCarry(chunk, at, length);
        if (at < 0) return completed;
        const end = this.#carryLength - 1;
        this.#carryLength = 0;
        completed += this.#line(this.#carry, 0, end);
        continue;
      }
      // Short lines are the rule, so a byte loop finds the end sooner than indexOf's call.
      let end = at + 1;
      while (end < length && chunk[end] !== lineFeed) end += 1;
      if (end >= length) {
        this.#startCarry(chunk, at, length);
        return completed;
      }
      completed += this.#line(chunk, at, end);
      at = end + 1;
    }
  }

  /** One header line, `bytes[start..end)` with `end` at its line feed. @returns 1 if it completes a top-level reply. */
  #line(bytes: Uint8Array, start: number, end: number): number {
    const type = bytes[start]!;
    const nested = this.#owed > 0;
    let kind = kindOther;
    let elements = 0;
    let skip = 0;
    switch (type) {
      case 43: // + simple
        kind = kindSimple;
        break;
      case 58: // : integer
        kind = kindInteger;
        break;
      case 36: // $ bulk
        skip = lengthOf(bytes, start + 1, end);
        if (skip < 0) {
          skip = 0;
          kind = nested ? kindNestedNil : kindNil;
        } else {
          skip += 2;
          kind = nested ? kindNestedBulk : kindBulk;
        }
        break;
      case 95: // _ null
        kind = nested ? kindNestedNil : kindNil;
        break;
      case 45: // - error
        kind = kindError;
        this.#tally.noteError(textOf(bytes, start + 1, end));
        break;
      case 42: // * array
      case 126: // ~ set
      case 62: // > push
        elements = lengthOf(bytes, start + 1, end);
        kind =
          elements < 0 ? (nested ? kindNestedNil : kindNil) : elements === 0 ? kindEmptyArray : kindArray;
        if (elements < 0) elements = 0;
        break;
      case 37: // % map
        elements = 2 * lengthOf(bytes, start + 1, end);
        kind = elements === 0 ? kindEmptyArray : kindArray;
        break;
      case 124: // | attribute: its pairs come before the reply they belong to
        elements = 2 * lengthOf(bytes, start + 1, end) + 1;
        kind = kindArray;
        break;
      case 61: // = verbatim
      case 33: // ! bulk error
        skip = lengthOf(bytes, start + 1, end) + 2;
        kind = type === 33 ? kindError : kindOther;
        break;
      case 35: // # boolean
      case 44: // , double
      case 40: // ( big number
        break;
      default:
        throw new ReplyFormatError(
          `the target answered something that is not RESP: byte ${type} where a reply should start`,
        );
    }
    this.#count(kind, nested);
    this.#skip = skip;
    if (nested) this.#owed += elements - 1;
    else this.#owed = elements;
    return this.#owed === 0 && skip === 0 ? 1 : 0;
  }

  /** Enters a reply in its command's row; only the elements a hit rate needs are entered below top level. */
  #count(kind: number, nested: boolean): void {
    const row = this.#fixedRow >= 0 ? this.#fixedRow : this.#commands[this.#cursor]!;
    if (!nested) {
      this.#counts[row * replyKinds.length + kind]! += 1;
      if (this.#fixedRow < 0) this.#cursor = this.#cursor + 1 === this.#ringLength ? 0 : this.#cursor + 1;
    } else if (kind >= kindNestedBulk) {
      // The cursor moved on with the head of this array.
      const owner =
        this.#fixedRow >= 0
          ? row
          : this.#commands[this.#cursor === 0 ? this.#ringLength - 1 : this.#cursor - 1]!;
      this.#counts[owner * replyKinds.length + kind]! += 1;
    }
  }

  #startCarry(chunk: Uint8Array, at: number, length: number): void {
    const kept = Math.min(length - at, carryBytesMax);
    for (let i = 0; i < kept; i++) this.#carry[i] = chunk[at + i]!;
    this.#carryLength = kept;
  }

  /** @returns the position after the line feed, now in the carry buffer, or -1 if the line goes on beyond the chunk. */
  #fillCarry(chunk: Uint8Array, start: number, length: number): number {
    for (let at = start; at < length; at++) {
      const byte = chunk[at]!;
      if (this.#carryLength < carryBytesMax) this.#carry[this.#carryLength++] = byte;
      if (byte === lineFeed) return at + 1;
    }
    return -1;
  }
}

/** The decimal number in a header line that ends in CR LF. */
function lengthOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === 45;
  if (negative) at += 1;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at !== end - 1 || bytes[at] !== carriageReturn || at === start) {
    throw new ReplyFormatError('the target sent a reply with a malformed length');
  }
  return negative ? -1 : value;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .trimEnd();
}
